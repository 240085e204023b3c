package io.yuntai.engine.kernel;

import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.quant.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * Goes once through what the first step of a model will need of the kernels, on a thread of its
 * own, while a process that starts does other things.
 *
 * <p>The JDK makes classes for every way into native code, some when it is made and some when it is
 * first called: 0.2 s of a start. It makes them once for a process, so nothing has to be handed
 * over.
 */
public final class KernelWarmUp {
  private static final System.Logger LOG = System.getLogger("io.yuntai.engine");
  private static final int WIDTH = 64;

  /** Enough that products go by matrix instructions, where there are some. */
  private static final int TOKENS = 32;

  private KernelWarmUp() {}

  /** Starts the thread. */
  public static void start() {
    Thread.ofPlatform().daemon().name("yuntai-kernels").start(KernelWarmUp::run);
  }

  private static void run() {
    try (Arena arena = Arena.ofConfined()) {
      warm(KernelChoice.named(KernelChoice.AUTO), arena);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.DEBUG, "kernels are not warmed up", e);
    }
  }

  static void warm(Kernels kernels, Arena arena) {
    KernelScratch scratch = new KernelScratch(TOKENS, 1, 2 * WIDTH);
    float[] x = new float[TOKENS * WIDTH];
    float[] y = new float[TOKENS * WIDTH];
    Arrays.fill(x, 1);
    kernels.rmsNorm(x, 0, x, 1, y, 0, WIDTH, scratch);
    kernels.add(x, 0, y, 0, WIDTH);
    kernels.swiglu(x, 0, y, 0, WIDTH, scratch);
    kernels.rotate(x, 0, 1, WIDTH, false, WIDTH / 2, y, y, 0);
    attend(kernels, x, y, scratch);
    multiply(kernels, x, y, arena, scratch);
  }

  private static void attend(Kernels kernels, float[] x, float[] y, KernelScratch scratch) {
    KvShape shape = new KvShape(1, 1, WIDTH, WIDTH);
    try (KvCache cache = new KvCache(shape, 1, KvCache.Format.F16)) {
      cache.prepare(0);
      kernels.keep(cache, 0, 0, 0, 0, x, 0, x, 0, scratch);
      AttentionRun run =
          new AttentionRun(cache, 1)
              .queries(x, 0, WIDTH)
              .results(y, 0, WIDTH)
              .tokens(1, 1, 1, AttentionRun.NO_WINDOW)
              .keys(new int[1], 0, 0);
      kernels.attention(run, scratch);
    }
  }

  private static void multiply(
      Kernels kernels, float[] x, float[] y, Arena arena, KernelScratch scratch) {
    TensorType type = TensorType.Q8_0;
    MemorySegment zeros = arena.allocate(type.bytes(WIDTH) * PackedMatrix.TILE_ROWS);
    List<Long> shape = List.of((long) WIDTH, (long) PackedMatrix.TILE_ROWS);
    PackedMatrix matrix = Packer.allocate(new TensorInfo("zeros", type, shape, 0, zeros), arena);
    Packer.packTile(matrix, 0);
    Activations inputs = new Activations(TOKENS, WIDTH, Activations.Form.CODES_8);
    inputs.resize(TOKENS);
    for (int token = 0; token < TOKENS; token++) {
      kernels.store(x, token * WIDTH, inputs, token, scratch);
    }
    kernels.multiply(matrix, 0, 1, inputs, y, 0, PackedMatrix.TILE_ROWS, scratch);
  }
}
