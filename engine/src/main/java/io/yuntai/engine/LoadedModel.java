package io.yuntai.engine;

import io.yuntai.engine.decoder.Decoder;
import io.yuntai.engine.template.ChatTemplate;
import io.yuntai.engine.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A model file, opened: its tokenizer, its chat template and a decoder over its mapped weights.
 *
 * @param name {@code general.name} of the file, or its file name
 * @param architecture {@code general.architecture}
 * @param parameters number of weights
 * @param trainedContextTokens the context the model was made for
 * @param tokenizer its vocabulary
 * @param chatTemplate its chat template, if it has one
 * @param decoder ready to step
 * @param kernel the kernel in use, such as {@code vector-512}
 */
public record LoadedModel(
    String name,
    String architecture,
    long parameters,
    int trainedContextTokens,
    Tokenizer tokenizer,
    Optional<ChatTemplate> chatTemplate,
    Decoder decoder,
    String kernel) {
  /**
   * Opens a GGUF file.
   *
   * @throws ModelFormatException for a file that is damaged or not of a kind this engine runs
   * @throws NotEnoughMemoryException when the model does not fit this machine's memory
   */
  public static LoadedModel open(Path gguf, LoadOptions options) {
    throw new UnsupportedOperationException("not written yet");
  }
}
