package io.yuntai.engine;

import io.yuntai.engine.decoder.Architecture;
import io.yuntai.engine.decoder.ModelConfig;
import io.yuntai.engine.decoder.TransformerDecoder;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.packed.DiskSpeed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * What is to be expected of a model whose weights are larger than memory: they stay on disk, and
 * each step reads them from there.
 *
 * @param weightBytes packed weights
 * @param memoryBytes memory that there is for everything
 * @param stepBytes weights that one token needs: all of them, but only its experts of a mixture
 * @param readBytesPerSecond what the disk gives; 0 where that could not be measured
 */
public record WeightsOnDisk(
    long weightBytes, long memoryBytes, long stepBytes, long readBytesPerSecond) {
  private static final System.Logger LOG = System.getLogger("io.yuntai.engine");

  /**
   * What a plan leads to, said in the log as well.
   *
   * @param gguf the model's file, whose disk is measured
   * @return empty where the weights fit into memory
   */
  static Optional<WeightsOnDisk> of(
      Path gguf, GgufFile file, ModelConfig config, MemoryPlan plan, LoadOptions options) {
    if (!plan.onDisk()) {
      return Optional.empty();
    }
    WeightsOnDisk expected =
        new WeightsOnDisk(
            plan.weightBytes(),
            options.availableBytes(),
            TransformerDecoder.stepBytes(file, config),
            DiskSpeed.measure(gguf));
    LOG.log(System.Logger.Level.WARNING, "{0}: {1}", file.name(), expected.sentence());
    return Optional.of(expected);
  }

  /**
   * What loading a model would lead to.
   *
   * @return empty where its weights fit into memory
   * @throws ModelFormatException for a file that is damaged or not of a kind this engine runs
   * @throws NotEnoughMemoryException where it would be refused
   */
  public static Optional<WeightsOnDisk> forecast(Path gguf, LoadOptions options) {
    try (GgufFile file = GgufFile.open(gguf)) {
      ModelConfig config = Architecture.of(file).configure(file);
      int context = LoadedModel.contextTokens(config, options);
      MemoryPlan plan = MemoryPlan.of(file, config, options, context, options.availableBytes());
      return of(gguf, file, config, plan, options);
    } catch (IOException e) {
      throw new ModelFormatException(gguf + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Tokens per second of one generation if every weight comes from the disk. The system keeps some
   * of them in memory, so it is a little more; a prompt's tokens share one reading.
   */
  public double tokensPerSecond() {
    return (double) readBytesPerSecond / stepBytes;
  }

  /** One sentence of warning. */
  public String sentence() {
    String expected =
        readBytesPerSecond == 0
            ? "answers will be slow"
            : "expect about %s tokens a second, since each needs %s and the disk gives %s a second"
                .formatted(
                    number(tokensPerSecond()),
                    MemoryPlan.size(stepBytes),
                    MemoryPlan.size(readBytesPerSecond));
    return "its weights (%s) are larger than the memory that is free (%s), so they stay on disk: %s"
        .formatted(MemoryPlan.size(weightBytes), MemoryPlan.size(memoryBytes), expected);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 1 ? "%.2f" : value < 10 ? "%.1f" : "%.0f", value);
  }
}
