package io.yuntai.models.pull;

import io.yuntai.models.transfer.SourceException;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Makes one GGUF file of a model's files as its authors publish them, or of another GGUF file. */
@FunctionalInterface
public interface CheckpointConverter {
  /** For whoever pulls no such model. */
  CheckpointConverter NONE =
      (work, gguf, progress) -> {
        throw new SourceException("it is published in files that can't be converted here");
      };

  /**
   * What is to be converted.
   *
   * @param source a folder with the model's files, or a GGUF file
   * @param name what the model is called
   * @param recipe how it is quantised, such as {@code q4_k_m}; null to keep the types of weights
   */
  record Work(Path source, String name, @Nullable String recipe) {}

  /** Hears how far a conversion is, in units of its own. */
  @FunctionalInterface
  interface Progress {
    void at(long done, long all);
  }

  /**
   * Converts; the same files give the same bytes.
   *
   * @param gguf the file to write; it appears when it is whole
   * @throws SourceException if the model's files are not as expected, with a clause that says why
   * @throws IOException if the disk does not take it
   * @throws InterruptedException if the thread was interrupted
   */
  void convert(Work work, Path gguf, Progress progress)
      throws SourceException, IOException, InterruptedException;
}
