package io.yuntai.engine.decoder;

import io.yuntai.engine.kernel.PackedMatrix;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An adapter's matrices, packed as a model's are. */
final class LoraAdapter implements Adapter {
  /**
   * What is added to one matrix.
   *
   * @param firstRank where its rows begin in the matrix A of all that read the same
   * @param rank how many
   * @param scale what the result of these rows is multiplied with
   * @param up its matrix B
   */
  record Part(LoraTarget target, int firstRank, int rank, float scale, PackedMatrix up) {}

  /**
   * What is added to the matrices that read one input.
   *
   * @param down the rows of their matrices A
   */
  record Entry(PackedMatrix down, List<Part> parts) {}

  private final List<Map<LoraInput, Entry>> layers;
  private final long bytes;
  private final Arena arena;

  /**
   * @param layers what is added in each layer
   * @param bytes memory that the matrices take
   * @param arena holds them; closed with the adapter
   */
  LoraAdapter(List<Map<LoraInput, Entry>> layers, long bytes, Arena arena) {
    this.layers = layers;
    this.bytes = bytes;
    this.arena = arena;
  }

  /** What is added to the matrices that read an input; null for nothing. */
  @Nullable Entry entry(int layer, LoraInput input) {
    return layers.get(layer).get(input);
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    arena.close();
  }
}
