package io.yuntai.engine.decoder;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.adapter.AdapterFile;
import io.yuntai.engine.adapter.AdapterFile.Convention;
import io.yuntai.engine.adapter.AdapterFile.Delta;
import io.yuntai.engine.checkpoint.RotaryRows;
import io.yuntai.engine.checkpoint.TensorNames;
import io.yuntai.engine.decoder.AttentionShape.GroupedQuery;
import io.yuntai.engine.decoder.FeedForwardShape.Dense;
import io.yuntai.engine.decoder.LoraAdapter.Entry;
import io.yuntai.engine.decoder.LoraAdapter.Part;
import io.yuntai.engine.kernel.LargeMemory;
import io.yuntai.engine.kernel.PackedMatrix;
import io.yuntai.engine.kernel.Packer;
import io.yuntai.engine.quant.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out what an adapter's file adds to a model, checks that it fits, and packs it. */
final class LoraLoader {
  private static final Pattern MATRIX = Pattern.compile("blk\\.(\\d{1,6})\\.(\\w+)");

  private final ModelConfig config;
  private final AdapterFile file;

  /** What is added to one matrix: some rows of B, and all of A. */
  private record Source(Delta delta, int firstRow, int rows) {}

  private final List<Map<LoraTarget, Source>> layers = new ArrayList<>();

  /**
   * @throws ModelFormatException where the adapter doesn't fit the model
   */
  LoraLoader(ModelConfig config, AdapterFile file) {
    this.config = config;
    this.file = file;
    file.architecture()
        .filter(name -> !name.equals(config.architecture()))
        .ifPresent(name -> {
          throw refuse(
              "is an adapter for the architecture '%s', but the model's is '%s'"
                  .formatted(name, config.architecture()));
        });
    for (int i = 0; i < config.layers().size(); i++) {
      layers.add(new EnumMap<>(LoraTarget.class));
    }
    file.deltas().forEach(this::place);
  }

  private void place(Delta delta) {
    Matcher matrix = MATRIX.matcher(tensor(delta));
    if (!matrix.matches()) {
      throw refuse("adds to %s; only layers' matrices are supported".formatted(delta.matrix()));
    }
    int layer = Integer.parseInt(matrix.group(1));
    if (layer >= layers.size()) {
      throw refuse(
          "adds to %s, but the model has %d layers".formatted(delta.matrix(), layers.size()));
    }
    switch (matrix.group(2)) {
      case "attn_q" -> attention(layer, delta, LoraTarget.QUERY);
      case "attn_k" -> attention(layer, delta, LoraTarget.KEY);
      case "attn_v" -> attention(layer, delta, LoraTarget.VALUE);
      case "attn_qkv" ->
          attention(layer, delta, LoraTarget.QUERY, LoraTarget.KEY, LoraTarget.VALUE);
      case "attn_output" -> attention(layer, delta, LoraTarget.OUTPUT);
      case "ffn_gate" -> feedForward(layer, delta, LoraTarget.GATE);
      case "ffn_up" -> feedForward(layer, delta, LoraTarget.UP);
      case "ffn_down" -> feedForward(layer, delta, LoraTarget.DOWN);
      default -> throw refuse("adds to %s, which is not supported".formatted(delta.matrix()));
    }
  }

  /** The matrix's name in GGUF. */
  private String tensor(Delta delta) {
    if (file.convention() == Convention.GGUF) {
      return delta.matrix();
    }
    TensorNames.Place place =
        TensorNames.of(config.architecture())
            .find(delta.matrix())
            .orElseThrow(
                () -> refuse("adds to %s, which is not supported".formatted(delta.matrix())));
    if (place.expert() != TensorNames.Place.ALL) {
      throw refuse("adds to %s; adapters of experts are not supported".formatted(delta.matrix()));
    }
    return place.tensor();
  }

  private void attention(int layer, Delta delta, LoraTarget... targets) {
    if (!(config.attention() instanceof GroupedQuery shape)) {
      throw refuse(
          "adds to %s; adapters of latent attention are not supported".formatted(delta.matrix()));
    }
    if (shape.fused() != targets.length > 1 && targets[0] != LoraTarget.OUTPUT) {
      throw refuse("adds to %s, which the model does not have".formatted(delta.matrix()));
    }
    int first = 0;
    for (LoraTarget target : targets) {
      int rows = target.rows(shape, config.width());
      put(layer, target, new Source(delta, first, rows), target.columns(shape, config.width()));
      first += rows;
    }
    requireRows(delta, first);
  }

  private void feedForward(int layer, Delta delta, LoraTarget target) {
    if (!(config.layers().get(layer).feedForward() instanceof Dense shape)) {
      throw refuse("adds to %s; adapters of experts are not supported".formatted(delta.matrix()));
    }
    if (shape.fused() && target == LoraTarget.GATE) {
      throw refuse("adds to %s, which the model does not have".formatted(delta.matrix()));
    }
    int width = config.width();
    int rows = target.rows(shape, width);
    int columns = target.columns(shape, width);
    boolean both = shape.fused() && target == LoraTarget.UP;
    if (both) {
      put(layer, LoraTarget.GATE, new Source(delta, 0, rows), columns);
    }
    put(layer, target, new Source(delta, both ? rows : 0, rows), columns);
    requireRows(delta, both ? 2 * rows : rows);
  }

  private void put(int layer, LoraTarget target, Source source, int columns) {
    Delta delta = source.delta;
    if (delta.down().columns() != columns) {
      throw refuse(
          "tensor %s has %,d columns, but the model's %s has %,d"
              .formatted(delta.down().name(), delta.down().columns(), delta.matrix(), columns));
    }
    if (layers.get(layer).put(target, source) != null) {
      throw refuse("adds to %s twice".formatted(delta.matrix()));
    }
  }

  private void requireRows(Delta delta, int rows) {
    if (delta.up().rows() != rows) {
      throw refuse(
          "tensor %s has %,d rows, but the model's %s has %,d"
              .formatted(delta.up().name(), delta.up().rows(), delta.matrix(), rows));
    }
  }

  /** Memory that the adapter takes, before any is taken. */
  long bytes() {
    long bytes = 0;
    for (int i = 0; i < layers.size(); i++) {
      for (LoraInput input : LoraInput.values()) {
        List<Source> sources = sources(i, input);
        if (!sources.isEmpty()) {
          bytes +=
              Packer.packedBytes(LoraRows.shape(type(sources), rank(sources), columns(sources)));
        }
        for (Source source : sources) {
          TensorType type = LoraRows.kept(source.delta.up().type());
          bytes += Packer.packedBytes(LoraRows.shape(type, source.rows, source.delta.rank()));
        }
      }
    }
    return bytes;
  }

  /**
   * Packs everything.
   *
   * @param keepSources whether the matrices are kept as they were too: the scalar kernels read them
   * @throws ModelFormatException where a number is not finite
   */
  @SuppressWarnings("MustBeClosedChecker") // the adapter closes its arena
  LoraAdapter load(boolean keepSources) {
    long bytes = bytes();
    Arena kept = Arena.ofShared();
    try (Arena passing = Arena.ofConfined()) {
      SegmentAllocator packed =
          SegmentAllocator.slicingAllocator(LargeMemory.allocate(bytes, kept));
      LoraRows rows = new LoraRows(file.name(), keepSources ? kept : passing);
      List<Map<LoraInput, Entry>> entries = new ArrayList<>();
      for (int i = 0; i < layers.size(); i++) {
        Map<LoraInput, Entry> ofLayer = new EnumMap<>(LoraInput.class);
        for (LoraInput input : LoraInput.values()) {
          if (!sources(i, input).isEmpty()) {
            ofLayer.put(input, entry(i, input, rows, packed));
          }
        }
        entries.add(ofLayer);
      }
      return new LoraAdapter(entries, bytes, kept);
    } catch (RuntimeException | Error e) {
      kept.close();
      throw e;
    }
  }

  private Entry entry(int layer, LoraInput input, LoraRows rows, SegmentAllocator memory) {
    List<Source> sources = sources(layer, input);
    List<LoraRows.Piece> downs = new ArrayList<>();
    List<Part> parts = new ArrayList<>();
    int firstRank = 0;
    for (Map.Entry<LoraTarget, Source> each : layers.get(layer).entrySet()) {
      if (each.getKey().input == input) {
        Delta delta = each.getValue().delta;
        downs.add(new LoraRows.Piece(delta.down(), delta.rank(), row -> row));
        LoraRows.Piece up = new LoraRows.Piece(delta.up(), each.getValue().rows, order(each));
        parts.add(
            new Part(
                each.getKey(),
                firstRank,
                delta.rank(),
                delta.scale(),
                pack(rows, List.of(up), LoraRows.kept(delta.up().type()), memory)));
        firstRank += delta.rank();
      }
    }
    return new Entry(pack(rows, downs, type(sources), memory), List.copyOf(parts));
  }

  /** Where a row of a model's matrix stands in the file's B. */
  private IntUnaryOperator order(Map.Entry<LoraTarget, Source> part) {
    int first = part.getValue().firstRow;
    Delta delta = part.getValue().delta;
    if (file.convention() == Convention.CHECKPOINT
        && RotaryRows.areReordered(config.architecture(), tensor(delta))) {
      int length = config.attention().keyLength();
      return row -> first + (int) RotaryRows.published(row, length);
    }
    return row -> first + row;
  }

  private static PackedMatrix pack(
      LoraRows rows, List<LoraRows.Piece> pieces, TensorType type, SegmentAllocator memory) {
    PackedMatrix matrix = Packer.allocate(rows.gather(pieces, type), memory);
    for (int tile = 0; tile < matrix.tiles(); tile++) {
      Packer.packTile(matrix, tile);
    }
    return matrix;
  }

  private List<Source> sources(int layer, LoraInput input) {
    return layers.get(layer).entrySet().stream()
        .filter(entry -> entry.getKey().input == input)
        .map(Map.Entry::getValue)
        .toList();
  }

  /** The type in which all these matrices A can be kept without a change. */
  private static TensorType type(List<Source> sources) {
    List<TensorType> types =
        sources.stream()
            .map(source -> LoraRows.kept(source.delta.down().type()))
            .distinct()
            .toList();
    return types.size() == 1 ? types.getFirst() : TensorType.F32;
  }

  private static int rank(List<Source> sources) {
    return sources.stream().mapToInt(source -> source.delta.rank()).sum();
  }

  private static int columns(List<Source> sources) {
    return Math.toIntExact(sources.getFirst().delta.down().columns());
  }

  private ModelFormatException refuse(String sentence) {
    return new ModelFormatException(file.name() + ": " + sentence);
  }
}
