package io.yuntai.engine.encoder;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.encoder.EncoderWeights.Layer;
import io.yuntai.engine.encoder.EncoderWeights.Linear;
import io.yuntai.engine.encoder.EncoderWeights.Norm;
import io.yuntai.engine.encoder.EncoderWeights.RankHead;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.kernel.LargeMemory;
import io.yuntai.engine.kernel.PackedMatrix;
import io.yuntai.engine.kernel.Packer;
import io.yuntai.engine.kernel.WorkerTeam;
import io.yuntai.engine.packed.PackedCache;
import io.yuntai.engine.quant.Dequantizer;
import java.lang.foreign.Arena;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Finds an encoder's tensors, checks their shapes, and packs the matrices with all workers. */
final class EncoderWeightLoader {
  private static final float[] NONE = {};

  private final GgufFile file;
  private final EncoderConfig config;
  private final SegmentAllocator memory;
  private final List<PackedMatrix> toPack = new ArrayList<>();

  private EncoderWeightLoader(GgufFile file, EncoderConfig config, SegmentAllocator memory) {
    this.file = file;
    this.config = config;
    this.memory = memory;
  }

  /** Bytes of all packed matrices. */
  static long packedBytes(GgufFile file) {
    long bytes = 0;
    for (TensorInfo tensor : file.tensors()) {
      boolean isMatrix = tensor.shape().size() == 2 || tensor.name().equals("cls.output.weight");
      if (isMatrix && !isTable(tensor.name())) {
        bytes = Math.addExact(bytes, Packer.packedBytes(tensor));
      }
    }
    return bytes;
  }

  private static boolean isTable(String name) {
    return name.equals("token_embd.weight")
        || name.equals("position_embd.weight")
        || name.equals("token_types.weight");
  }

  static EncoderWeights load(
      GgufFile file, EncoderConfig config, PackedCache cache, Arena arena, WorkerTeam team) {
    var region = LargeMemory.allocate(Math.max(1, packedBytes(file)), arena);
    EncoderWeightLoader loader =
        new EncoderWeightLoader(file, config, SegmentAllocator.slicingAllocator(region));
    EncoderWeights weights = loader.weights();
    cache.fill(file, loader.toPack, region, team, () -> loader.pack(team));
    return weights;
  }

  private EncoderWeights weights() {
    int width = config.width();
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < config.layers(); i++) {
      layers.add(layer("blk." + i + "."));
    }
    boolean hasSegments = file.findTensor("token_types.weight").isPresent();
    return new EncoderWeights(
        tensor("token_embd.weight", width, config.vocabularySize()),
        tensor("position_embd.weight", width, file.tensor("position_embd.weight").rows()),
        hasSegments ? tensor("token_types.weight", width, config.segments()) : null,
        norm("token_embd_norm"),
        layers,
        config.pooling() == Pooling.RANK ? rankHead() : null);
  }

  private Layer layer(String prefix) {
    int width = config.width();
    int inner = config.feedForwardLength();
    if (file.findTensor(prefix + "ffn_gate.weight").isPresent()
        || file.findTensor(prefix + "attn_qkv.weight").isPresent()) {
      throw new ModelFormatException(
          file.name() + ": a bert model with gates or joined queries and keys is not supported");
    }
    return new Layer(
        linear(prefix + "attn_q", width, width),
        linear(prefix + "attn_k", width, width),
        linear(prefix + "attn_v", width, width),
        linear(prefix + "attn_output", width, width),
        norm(prefix + "attn_output_norm"),
        linear(prefix + "ffn_up", width, inner),
        linear(prefix + "ffn_down", inner, width),
        norm(prefix + "layer_output_norm"));
  }

  private RankHead rankHead() {
    int width = config.width();
    Linear pooler = null;
    if (file.findTensor("cls.weight").isPresent()) {
      pooler = linear("cls", width, width);
    }
    return new RankHead(pooler, linear("cls.output", width, 1));
  }

  private Norm norm(String name) {
    return new Norm(
        vector(name + ".weight", config.width()), vector(name + ".bias", config.width()));
  }

  private Linear linear(String name, int columns, int rows) {
    PackedMatrix matrix = Packer.allocate(tensor(name + ".weight", columns, rows), memory);
    toPack.add(matrix);
    String bias = name + ".bias";
    return new Linear(matrix, file.findTensor(bias).isPresent() ? vector(bias, rows) : NONE);
  }

  private float[] vector(String name, int length) {
    TensorInfo tensor = tensor(name, length);
    float[] values = new float[length];
    Dequantizer.dequantize(tensor.type(), tensor.data(), 0, length, values, 0);
    return values;
  }

  private TensorInfo tensor(String name, long... shape) {
    TensorInfo tensor = file.tensor(name);
    List<Long> expected = Arrays.stream(shape).boxed().toList();
    // A matrix of one row may have lost its second dimension.
    boolean isRow = shape.length == 2 && shape[1] == 1 && tensor.shape().equals(List.of(shape[0]));
    if (!tensor.shape().equals(expected) && !isRow) {
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
          int found = Arrays.binarySearch(firstTile, item);
          int matrix = found >= 0 ? found : -found - 2;
          Packer.packTile(toPack.get(matrix), item - firstTile[matrix]);
        });
  }
}
