package io.yuntai.engine.quantize;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.gguf.GgufWriter;
import io.yuntai.engine.gguf.MetadataValue;
import io.yuntai.engine.quant.TensorType;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Writes a model to a GGUF file, each tensor in the type that a recipe gives it.
 *
 * <p>The file appears under its name only when it is whole and on disk. Tensors that keep their
 * type are copied byte for byte.
 */
public final class ModelWriter {
  /** Block layouts as they are since 2023; all readers of k-quants know it. */
  private static final int QUANTIZATION_VERSION = 2;

  private static final int MAX_THREADS = 1024;
  private static final int MAX_COLUMNS = 1 << 24;

  /** Hears how far the writing is. */
  @FunctionalInterface
  public interface Progress {
    /** Nobody listens. */
    Progress NONE = (tensor, done, all) -> {};

    /**
     * Called from the writing thread, several times a tensor.
     *
     * @param tensor being written
     * @param done source elements read so far
     * @param all source elements
     */
    void at(String tensor, long done, long all);
  }

  private final int threads;
  private final boolean requantize;
  private final Progress progress;

  /**
   * @param threads that encode
   * @param requantize whether tensors that are quantised already may be quantised again, which adds
   *     the new error to the old one
   */
  public ModelWriter(int threads, boolean requantize, Progress progress) {
    if (threads < 1 || threads > MAX_THREADS) {
      throw new IllegalArgumentException("threads must be between 1 and " + MAX_THREADS);
    }
    this.threads = threads;
    this.requantize = requantize;
    this.progress = progress;
  }

  /** Bytes of all tensors as they would be written; the rest of the file is small beside them. */
  public long bytes(SourceModel model, @Nullable Recipe recipe) {
    TensorPlan plan = recipe == null ? null : TensorPlan.of(model, recipe);
    return model.tensors().stream()
        .mapToLong(
            tensor -> (plan == null ? tensor.type() : plan.typeOf(tensor)).bytes(tensor.elements()))
        .sum();
  }

  /**
   * Writes the file.
   *
   * @param recipe null to keep every tensor's type
   * @throws ModelFormatException for a tensor that can't be quantised, by name: one with values
   *     that are no numbers or too large, or one that is quantised already
   * @throws IOException when reading or writing fails; the target is then as it was
   * @throws InterruptedException if the thread was interrupted; likewise
   */
  public QuantizationReport write(SourceModel model, @Nullable Recipe recipe, Path target)
      throws IOException, InterruptedException {
    GgufWriter writer = new GgufWriter();
    model.metadata().forEach(writer::put);
    if (recipe != null) {
      writer.put("general.file_type", MetadataValue.uint32(recipe.fileType()));
      if (recipe.quantizes()) {
        writer.put("general.quantization_version", MetadataValue.uint32(QUANTIZATION_VERSION));
      }
    }
    TensorPlan plan = recipe == null ? null : TensorPlan.of(model, recipe);
    long all = model.tensors().stream().mapToLong(SourceTensor::elements).sum();
    List<QuantizationReport.Written> written = new ArrayList<>();
    ExecutorService workers =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("yuntai-quantize-", 0).factory());
    try {
      long before = 0;
      for (SourceTensor tensor : model.tensors()) {
        TensorType type = plan == null ? tensor.type() : plan.typeOf(tensor);
        check(model, tensor, type);
        writer.tensor(
            tensor.name(),
            type,
            tensor.shape(),
            new TensorEncoding(
                model.name(), tensor, type, workers, threads, before, all, progress, written));
        before += tensor.elements();
      }
      writer.write(target);
    } catch (TensorEncoding.Interrupted | ClosedByInterruptException e) {
      InterruptedException interrupted = new InterruptedException("stopped while encoding");
      interrupted.initCause(e);
      throw interrupted;
    } finally {
      workers.shutdownNow();
    }
    return new QuantizationReport(List.copyOf(written));
  }

  private void check(SourceModel model, SourceTensor tensor, TensorType type) {
    if (tensor.type() == type) {
      return;
    }
    String what = model.name() + ": tensor '" + tensor.name() + "' ";
    if (tensor.type().blockFormat().isPresent() && !requantize) {
      throw new ModelFormatException(
          what
              + "is quantised already, as "
              + tensor.type()
              + "; quantise the original instead, or ask for --requantize and lose quality twice");
    }
    if (tensor.columns() > MAX_COLUMNS) {
      throw new ModelFormatException(
          what + "has rows of " + tensor.columns() + " values; at most " + MAX_COLUMNS + " can be");
    }
  }
}
