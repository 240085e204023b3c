package io.yuntai.server.gateway;

import io.yuntai.engine.Adapters;
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
 * @param adapters what adapters its engine has; empty where it takes none, and for an adapter
 * @param parent the model that an adapter belongs to; empty for a model itself
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
    Supplier<Optional<String>> fingerprint,
    Optional<Adapters> adapters,
    Optional<String> parent) {
  /** A model that takes no adapters. */
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
      Supplier<EngineStatistics> statistics,
      Supplier<Optional<String>> fingerprint) {
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
        fingerprint,
        Optional.empty(),
        Optional.empty());
  }

  /** The same that takes adapters. */
  public HostedModel taking(Adapters ofEngine) {
    return new HostedModel(
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
        fingerprint,
        Optional.of(ofEngine),
        parent);
  }

  /** One of its adapters, as a model by the name {@code base:adapter}. */
  HostedModel adapted(
      String adapter, long loadedEpochSeconds, Supplier<Optional<String>> ofAdapter) {
    return new HostedModel(
        name + ":" + adapter,
        loadedEpochSeconds,
        owner,
        tokenizer,
        prompts,
        format,
        grammars,
        request -> generator.submit(request.by(adapter)),
        kernel,
        statistics,
        ofAdapter,
        Optional.empty(),
        Optional.of(name));
  }

  /** A name is what clients type: not blank, at most 256 characters. */
  public HostedModel {
    if (name.isBlank() || name.length() > 256) {
      throw new IllegalArgumentException("a model's name has 1 to 256 characters");
    }
  }
}
