package io.yuntai.engine.decoder;

import io.yuntai.engine.MachineMemory;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.kernel.LargeMemory;
import io.yuntai.engine.kernel.PackedMatrix;
import io.yuntai.engine.kernel.Packer;
import io.yuntai.engine.kernel.WorkerTeam;
import io.yuntai.engine.packed.PackedCache;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Finds a model's tensors, checks their shapes, and packs the matrices with all workers. */
final class WeightLoader {
  /** After how much reading the file's pages are given back. */
  private static final long UNLOAD_BYTES = 32L << 20;

  /** No memory is there; as aligned as any. */
  private static final long NOWHERE = 1 << 20;

  private final GgufFile file;
  private final ModelConfig config;
  private final PackedCache cache;
  private final Arena arena;
  private final Transposes transposes;
  private List<PackedMatrix> toPack = List.of();

  /**
   * @param cache asked before packing, and given what was packed
   */
  WeightLoader(GgufFile file, ModelConfig config, PackedCache cache, Arena arena) {
    this.file = file;
    this.config = config;
    this.cache = cache;
    this.arena = arena;
    this.transposes = Transposes.in(arena);
  }

  /**
   * Bytes that a model's weights take, before any memory is taken.
   *
   * @throws io.yuntai.engine.ModelFormatException where a tensor is missing or has another shape
   */
  static long bytes(GgufFile file, ModelConfig config) {
    Transposes shapes = Transposes.ofShapes();
    return Math.addExact(packedBytes(file, config, shapes), shapes.bytes());
  }

  private static long packedBytes(GgufFile file, ModelConfig config, Transposes transposes) {
    TensorLoader tensors =
        new TensorLoader(file, (size, alignment) -> MemorySegment.NULL, transposes);
    Weights _ = Weights.load(tensors, config);
    return packedBytes(tensors);
  }

  private static long packedBytes(TensorLoader tensors) {
    return tensors.matrices().stream()
        .mapToLong(matrix -> Packer.packedBytes(matrix.source()))
        .reduce(0, Math::addExact);
  }

  /**
   * Bytes of packed weights that one token's step reads: of a mixture's experts those that it uses.
   */
  static long stepBytes(GgufFile file, ModelConfig config) {
    Transposes shapes = Transposes.ofShapes();
    TensorLoader tensors = new TensorLoader(file, (size, alignment) -> MemorySegment.NULL, shapes);
    Weights weights = Weights.load(tensors, config);
    long bytes = packedBytes(tensors);
    for (int i = 0; i < config.layers().size(); i++) {
      if (config.layers().get(i).feedForward() instanceof FeedForwardShape.Mixture mixture
          && weights.layers().get(i).feedForward() instanceof FeedForwardWeights.Experts experts) {
        long all =
            experts.experts().stream()
                .flatMap(one -> Stream.of(one.gate(), one.up(), one.down()))
                .mapToLong(matrix -> Packer.packedBytes(matrix.source()))
                .sum();
        int unused = mixture.routing().experts() - mixture.routing().used();
        bytes -= all / mixture.routing().experts() * unused;
      }
    }
    return bytes;
  }

  /** Weights that are larger than memory: packed into a file, and read from it as they are used. */
  Weights loadOnDisk(WorkerTeam team) {
    long bytes = packedBytes(file, config, transposes);
    // Places without memory: only their distances count.
    MemorySegment nowhere = MemorySegment.ofAddress(NOWHERE).reinterpret(bytes);
    Weights _ = place(nowhere);
    return place(
        cache.mapOrBuild(
            file,
            toPack,
            nowhere,
            arena,
            team,
            memory -> {
              Weights _ = place(memory);
              pack(team);
            }));
  }

  Weights load(WorkerTeam team) {
    long bytes = packedBytes(file, config, transposes);
    MemorySegment region = LargeMemory.allocate(bytes, arena);
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
    TensorLoader tensors = new TensorLoader(file, new Slices(region), transposes);
    Weights weights = Weights.load(tensors, config);
    toPack = tensors.matrices();
    return weights;
  }

  /** One part of a region after the other; of one that is mapped read-only, too. */
  private static final class Slices implements SegmentAllocator {
    private final MemorySegment region;
    private long end;

    Slices(MemorySegment region) {
      this.region = region;
    }

    @Override
    public MemorySegment allocate(long bytes, long alignment) {
      long from = Math.ceilDiv(end, alignment) * alignment;
      end = from + bytes;
      return region.asSlice(from, bytes);
    }
  }

  private void pack(WorkerTeam team) {
    int[] firstTile = new int[toPack.size() + 1];
    for (int i = 0; i < toPack.size(); i++) {
      firstTile[i + 1] = firstTile[i] + toPack.get(i).tiles();
    }
    AtomicLong read = new AtomicLong();
    team.run(
        firstTile[toPack.size()],
        (item, worker) -> {
          int found = java.util.Arrays.binarySearch(firstTile, item);
          int matrix = found >= 0 ? found : -found - 2;
          Packer.packTile(toPack.get(matrix), item - firstTile[matrix]);
          // What is packed is not read again: beside it, the file's pages would double the peak.
          TensorInfo source = toPack.get(matrix).source();
          long bytes = source.data().byteSize() / toPack.get(matrix).tiles();
          long before = read.getAndAdd(bytes);
          if ((before + bytes) / UNLOAD_BYTES > before / UNLOAD_BYTES) {
            file.unload();
          }
        });
  }
}
