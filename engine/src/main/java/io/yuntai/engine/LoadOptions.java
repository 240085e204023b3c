package io.yuntai.engine;

import io.yuntai.engine.kernel.KernelChoice;
import io.yuntai.engine.kernel.KvCache;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a model is loaded.
 *
 * @param contextTokens most tokens of one sequence; 0 for the smaller of the model's own limit and
 *     4096
 * @param kvTokens tokens that the KV pool holds over all sequences; 0 for four full contexts, as
 *     far as memory allows
 * @param kvFormat how keys and values are stored
 * @param threads workers; 0 for one per physical core
 * @param packedFolder where this model's packed weights are kept for the next start, a folder of
 *     its own; null to pack at every start
 * @param kernel which kernels, as {@link KernelChoice#named} takes it
 * @param slidesWindows whether blocks of layers with a window leave the KV cache when no token sees
 *     them any more; for those who give the decoder tables of its window blocks, as an engine does
 * @param memoryBytes most memory to plan with; 0 for what the machine has available
 */
public record LoadOptions(
    int contextTokens,
    int kvTokens,
    KvCache.Format kvFormat,
    int threads,
    @Nullable Path packedFolder,
    String kernel,
    boolean slidesWindows,
    long memoryBytes) {
  /** What suits a laptop. */
  public static final LoadOptions DEFAULTS = new LoadOptions(0, 0, KvCache.Format.F16, 0);

  /** Packs at every start; the fastest kernels of this machine. */
  public LoadOptions(int contextTokens, int kvTokens, KvCache.Format kvFormat, int threads) {
    this(contextTokens, kvTokens, kvFormat, threads, null, KernelChoice.AUTO, false, 0);
  }

  /** The same with packed weights kept in this folder. */
  public LoadOptions keepingPacked(Path folder) {
    return new LoadOptions(
        contextTokens, kvTokens, kvFormat, threads, folder, kernel, slidesWindows, memoryBytes);
  }

  /** The same with keys and values stored otherwise. */
  public LoadOptions withKvFormat(KvCache.Format format) {
    return new LoadOptions(
        contextTokens, kvTokens, format, threads, packedFolder, kernel, slidesWindows, memoryBytes);
  }

  /** The same with other kernels. */
  public LoadOptions withKernel(String name) {
    return new LoadOptions(
        contextTokens, kvTokens, kvFormat, threads, packedFolder, name, slidesWindows, memoryBytes);
  }

  /** The same with another bound of the memory to plan with. */
  public LoadOptions withMemory(long bytes) {
    return new LoadOptions(
        contextTokens, kvTokens, kvFormat, threads, packedFolder, kernel, slidesWindows, bytes);
  }

  /** The same for an engine. */
  public LoadOptions slidingWindows() {
    return new LoadOptions(
        contextTokens, kvTokens, kvFormat, threads, packedFolder, kernel, true, memoryBytes);
  }

  /** The same with another context and KV pool. */
  LoadOptions withContext(int context, int kv) {
    return new LoadOptions(
        context, kv, kvFormat, threads, packedFolder, kernel, slidesWindows, memoryBytes);
  }

  /** Memory to plan with. */
  long availableBytes() {
    long available = MachineMemory.availableBytes();
    return memoryBytes == 0 ? available : Math.min(memoryBytes, available);
  }
}
