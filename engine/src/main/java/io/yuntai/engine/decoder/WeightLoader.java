package io.yuntai.engine.decoder;

import io.yuntai.engine.MachineMemory;
import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.decoder.Weights.Layer;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.kernel.LargeMemory;
import io.yuntai.engine.kernel.PackedMatrix;
import io.yuntai.engine.kernel.Packer;
import io.yuntai.engine.kernel.WorkerTeam;
import io.yuntai.engine.packed.PackedCache;
import io.yuntai.engine.quant.Dequantizer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.List;

/** Finds a model's tensors, checks their shapes, and packs the matrices with all workers. */
final class WeightLoader {
  private static final float[] NONE = {};

  private final GgufFile file;
  private final ModelConfig config;
  private final PackedCache cache;
  private final Arena arena;
  private final List<PackedMatrix> toPack = new ArrayList<>();
  private SegmentAllocator memory;

  /**
   * @param cache asked before packing, and given what was packed
   */
  WeightLoader(GgufFile file, ModelConfig config, PackedCache cache, Arena arena) {
    this.file = file;
    this.config = config;
    this.cache = cache;
    this.arena = arena;
    this.memory = SegmentAllocator.slicingAllocator(MemorySegment.NULL);
  }

  /** Bytes of all packed matrices, before any memory is taken. */
  static long packedBytes(GgufFile file) {
    long bytes = 0;
    boolean tied = file.findTensor("output.weight").isEmpty();
    for (TensorInfo tensor : file.tensors()) {
      boolean embedding = tensor.name().equals("token_embd.weight");
      if (tensor.shape().size() == 2 && (!embedding || tied)) {
        bytes = Math.addExact(bytes, Packer.packedBytes(tensor));
      }
    }
    return bytes;
  }

  Weights load(WorkerTeam team) {
    MemorySegment region = LargeMemory.allocate(Math.max(1, packedBytes(file)), arena);
    Weights weights = place(region);
    if (region.byteSize() > MachineMemory.availableBytes() / 2) {
      MemorySegment mapped = cache.map(file, toPack, region, arena, team);
      if (mapped != null) {
        return place(mapped);
      }
    }
    cache.fill(file, toPack, region, team, () -> pack(team));
    return weights;
  }

  /** The weights with their matrices in this memory, which need not be filled yet. */
  private Weights place(MemorySegment region) {
    memory = SegmentAllocator.slicingAllocator(region);
    toPack.clear();
    int width = config.width();
    TensorInfo embedding = tensor("token_embd.weight", width, config.vocabularySize());
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < config.layers(); i++) {
      layers.add(layer("blk." + i + "."));
    }
    String output =
        file.findTensor("output.weight").isPresent() ? "output.weight" : "token_embd.weight";
    return new Weights(
        embedding,
        layers,
        vector("output_norm.weight", width),
        matrix(output, width, config.vocabularySize()),
        file.findTensor("rope_freqs.weight").isPresent()
            ? divisors(vector("rope_freqs.weight", config.rope().dimensions() / 2))
            : NONE);
  }

  private Layer layer(String prefix) {
    int width = config.width();
    int queries = config.heads() * config.keyLength();
    int keys = config.kvHeads() * config.keyLength();
    int values = config.kvHeads() * config.valueLength();
    int inner = config.feedForwardLength();
    return new Layer(
        vector(prefix + "attn_norm.weight", width),
        matrix(prefix + "attn_q.weight", width, queries),
        matrix(prefix + "attn_k.weight", width, keys),
        matrix(prefix + "attn_v.weight", width, values),
        bias(prefix + "attn_q.bias", queries),
        bias(prefix + "attn_k.bias", keys),
        bias(prefix + "attn_v.bias", values),
        matrix(prefix + "attn_output.weight", config.heads() * config.valueLength(), width),
        vector(prefix + "ffn_norm.weight", width),
        matrix(prefix + "ffn_gate.weight", width, inner),
        matrix(prefix + "ffn_up.weight", width, inner),
        matrix(prefix + "ffn_down.weight", inner, width));
  }

  private float[] bias(String name, int length) {
    return config.attentionBias() ? vector(name, length) : NONE;
  }

  private float[] divisors(float[] values) {
    for (float value : values) {
      if (!(value > 0) || Float.isInfinite(value)) {
        throw new ModelFormatException(file.name() + ": rope_freqs.weight holds " + value);
      }
    }
    return values;
  }

  private float[] vector(String name, int length) {
    TensorInfo tensor = tensor(name, length);
    float[] values = new float[length];
    Dequantizer.dequantize(tensor.type(), tensor.data(), 0, length, values, 0);
    return values;
  }

  private PackedMatrix matrix(String name, int columns, int rows) {
    PackedMatrix matrix = Packer.allocate(tensor(name, columns, rows), memory);
    toPack.add(matrix);
    return matrix;
  }

  private TensorInfo tensor(String name, long... shape) {
    TensorInfo tensor = file.tensor(name);
    List<Long> expected = java.util.Arrays.stream(shape).boxed().toList();
    if (!tensor.shape().equals(expected)) {
      throw new ModelFormatException(
          "%s: tensor %s has shape %s, but the metadata asks for %s"
              .formatted(file.name(), name, tensor.shape(), expected));
    }
    return tensor;
  }

  private void pack(WorkerTeam team) {
    int[] firstTile = new int[toPack.size() + 1];
    for (int i = 0; i < toPack.size(); i++) {
      firstTile[i + 1] = firstTile[i] + toPack.get(i).tiles();
    }
    team.run(
        firstTile[toPack.size()],
        (item, worker) -> {
          int found = java.util.Arrays.binarySearch(firstTile, item);
          int matrix = found >= 0 ? found : -found - 2;
          Packer.packTile(toPack.get(matrix), item - firstTile[matrix]);
        });
  }
}
