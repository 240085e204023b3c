package io.yuntai.server;

import io.yuntai.engine.AdapterLimits;
import io.yuntai.engine.Engine;
import io.yuntai.engine.EngineOptions;
import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.LoadedModel;
import io.yuntai.engine.ModelKind;
import io.yuntai.engine.PromptEncoder;
import io.yuntai.engine.kernel.KvCache;
import io.yuntai.engine.prefix.KeptPrompts;
import io.yuntai.engine.speculation.Speculation;
import io.yuntai.engine.template.ChatTemplate;
import io.yuntai.models.catalog.Catalog;
import io.yuntai.models.store.StoredModel;
import io.yuntai.server.gateway.AnswerGrammars;
import io.yuntai.server.gateway.HostedModel;
import io.yuntai.server.gateway.ModelHost;
import io.yuntai.server.output.OutputFormat;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;

/**
 * A model on this machine with an engine that runs it.
 *
 * @param name what requests call it
 * @param stored its file
 * @param loaded what was read from it
 * @param engine runs it, and closes it at the end
 * @param kvFormat how it stores keys and values
 */
public record RunningModel(
    String name, StoredModel stored, LoadedModel loaded, Engine engine, KvCache.Format kvFormat)
    implements LocalModel {
  /**
   * Loads a model and starts its engine.
   *
   * @throws io.yuntai.engine.ModelFormatException for a file that this engine can't run
   * @throws io.yuntai.engine.NotEnoughMemoryException when it doesn't fit
   * @throws io.yuntai.engine.ModelFormatException when a draft model has another vocabulary
   */
  public static RunningModel start(
      StoredModel stored, LoadOptions options, SpeculationChoice choice) {
    return start(stored, options, choice, AdapterLimits.DEFAULTS);
  }

  /** The same with other bounds of adapters. */
  public static RunningModel start(
      StoredModel stored, LoadOptions options, SpeculationChoice choice, AdapterLimits adapters) {
    return start(stored, options, choice, adapters, _ -> KeptPrompts.NONE);
  }

  /**
   * Loads a model and starts its engine, with prompts that outlive it.
   *
   * @param adapters how many there may be
   * @param prompts where those of a model are
   */
  static RunningModel start(
      StoredModel stored,
      LoadOptions options,
      SpeculationChoice choice,
      AdapterLimits adapters,
      Function<LoadedModel, KeptPrompts> prompts) {
    LoadedModel loaded = LoadedModel.open(stored.file(), options.slidingWindows());
    Speculation speculation = new Speculation.Off();
    try {
      speculation = choice.load(draftOptions(options));
      return new RunningModel(
          servedName(stored),
          stored,
          loaded,
          Engine.start(
              loaded.decoder(),
              loaded.tokenizer(),
              EngineOptions.DEFAULTS.with(adapters),
              speculation,
              prompts.apply(loaded)),
          options.kvFormat());
    } catch (RuntimeException e) {
      loaded.decoder().close();
      if (speculation instanceof Speculation.Model draft) {
        draft.decoder().close();
      }
      throw e;
    }
  }

  /** Packed weights are kept for the model alone: the folder is named after its file. */
  private static LoadOptions draftOptions(LoadOptions options) {
    return new LoadOptions(
            options.contextTokens(), options.kvTokens(), options.kvFormat(), options.threads())
        .withKernel(options.kernel());
  }

  /** What requests call a model: its name in the catalogue, or its file's name. */
  public static String servedName(StoredModel stored) {
    if (stored.owned() && !stored.name().contains("/")) {
      return stored.name();
    }
    String file = stored.file().getFileName().toString();
    return file.toLowerCase(Locale.ROOT).endsWith(".gguf")
        ? file.substring(0, file.length() - ".gguf".length())
        : file;
  }

  /** Turns conversations and texts into this model's tokens. */
  public PromptEncoder prompts() {
    return new PromptEncoder(loaded.tokenizer(), loaded.chatTemplate());
  }

  @Override
  public ModelKind kind() {
    return ModelKind.CHAT;
  }

  @Override
  public long parameters() {
    return loaded.parameters();
  }

  @Override
  public int contextTokens() {
    return engine.contextTokens();
  }

  @Override
  public String kernel() {
    return loaded.kernel();
  }

  @Override
  public void addTo(ModelHost host, Catalog catalog) {
    String template = loaded.chatTemplate().map(ChatTemplate::source).orElse("");
    OutputFormat format =
        loaded
            .chatTemplate()
            .map(found -> OutputFormat.of(found.source(), loaded.tokenizer()))
            .orElse(OutputFormat.TEXT);
    AnswerGrammars grammars = new AnswerGrammars(loaded.tokenizer(), format.markers());
    host.add(
        new HostedModel(
                name,
                Provenance.createdEpochSeconds(stored),
                Provenance.owner(stored, catalog),
                loaded.tokenizer(),
                prompts(),
                format,
                grammars,
                engine::submit,
                loaded.kernel(),
                engine::statistics,
                ModelFingerprint.of(stored, kvFormat.name(), template))
            .taking(engine.adapters()));
    WarmUp.begin(name, loaded, engine, grammars);
  }

  @Override
  public void stop(Duration grace) {
    engine.stop(grace);
  }
}
