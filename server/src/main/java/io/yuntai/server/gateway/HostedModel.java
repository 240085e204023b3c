package io.yuntai.server.gateway;

import io.yuntai.engine.EngineStatistics;
import io.yuntai.engine.PromptEncoder;
import io.yuntai.engine.tokenizer.Tokenizer;
import io.yuntai.server.output.OutputFormat;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A model that answers.
 *
 * @param name what requests call it, such as {@code qwen2.5-coder:0.5b}
 * @param createdEpochSeconds when its file was made or pulled, for lists
 * @param owner who made the weights, for lists, such as {@code qwen}
 * @param tokenizer its vocabulary
 * @param prompts turns requests into its tokens
 * @param format what its answers may hold beside text
 * @param grammars holds its answers to the forms that requests ask for
 * @param generator where it runs
 * @param kernel what its numbers are computed with, such as {@code amx-int8}
 * @param statistics what its engine is doing
 * @param fingerprint names weights, numerics and template, once it is known
 */
public record HostedModel(
    String name,
    long createdEpochSeconds,
    String owner,
    Tokenizer tokenizer,
    PromptEncoder prompts,
    OutputFormat format,
    AnswerGrammars grammars,
    Generator generator,
    String kernel,
    Supplier<EngineStatistics> statistics,
    Supplier<Optional<String>> fingerprint) {
  /** A model without a fingerprint. */
  public HostedModel(
      String name,
      long createdEpochSeconds,
      String owner,
      Tokenizer tokenizer,
      PromptEncoder prompts,
      OutputFormat format,
      AnswerGrammars grammars,
      Generator generator,
      String kernel,
      Supplier<EngineStatistics> statistics) {
    this(
        name,
        createdEpochSeconds,
        owner,
        tokenizer,
        prompts,
        format,
        grammars,
        generator,
        kernel,
        statistics,
        Optional::empty);
  }

  /** A name is what clients type: not blank, at most 256 characters. */
  public HostedModel {
    if (name.isBlank() || name.length() > 256) {
      throw new IllegalArgumentException("a model's name has 1 to 256 characters");
    }
  }
}
