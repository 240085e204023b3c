package io.yuntai.models.pull;

import io.yuntai.models.transfer.SourceException;
import java.io.IOException;
import java.nio.file.Path;

/** Makes one GGUF file of a model's files as its authors publish them. */
@FunctionalInterface
public interface CheckpointConverter {
  /** For whoever pulls no such model. */
  CheckpointConverter NONE =
      (folder, name, gguf) -> {
        throw new SourceException("it is published in files that can't be converted here");
      };

  /**
   * Converts; the same files give the same bytes.
   *
   * @param folder holds the model's files
   * @param name what the model is called
   * @param gguf the file to write
   * @throws SourceException if the model's files are not as expected, with a clause that says why
   * @throws IOException if the disk does not take it
   */
  void convert(Path folder, String name, Path gguf) throws SourceException, IOException;
}
