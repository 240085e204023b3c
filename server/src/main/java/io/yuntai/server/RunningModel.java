package io.yuntai.server;

import io.yuntai.engine.Engine;
import io.yuntai.engine.EngineOptions;
import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.LoadedModel;
import io.yuntai.engine.PromptEncoder;
import io.yuntai.engine.speculation.Speculation;
import io.yuntai.models.catalog.Catalog;
import io.yuntai.models.catalog.CatalogSource;
import io.yuntai.models.catalog.ModelReference;
import io.yuntai.models.store.StoredModel;
import io.yuntai.server.gateway.HostedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * A model on this machine with an engine that runs it.
 *
 * @param name what requests call it
 * @param stored its file
 * @param loaded what was read from it
 * @param engine runs it, and closes it at the end
 */
public record RunningModel(String name, StoredModel stored, LoadedModel loaded, Engine engine) {
  /**
   * Loads a model and starts its engine.
   *
   * @throws io.yuntai.engine.ModelFormatException for a file that this engine can't run
   * @throws io.yuntai.engine.NotEnoughMemoryException when it doesn't fit
   * @throws io.yuntai.engine.ModelFormatException when a draft model has another vocabulary
   */
  public static RunningModel start(
      StoredModel stored, LoadOptions options, SpeculationChoice choice) {
    LoadedModel loaded = LoadedModel.open(stored.file(), options);
    Speculation speculation = new Speculation.Off();
    try {
      speculation = choice.load(draftOptions(options));
      return new RunningModel(
          servedName(stored),
          stored,
          loaded,
          Engine.start(loaded.decoder(), loaded.tokenizer(), EngineOptions.DEFAULTS, speculation));
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

  /** As the gateway knows it. */
  HostedModel hosted(Catalog catalog) {
    return new HostedModel(
        name,
        created(stored).getEpochSecond(),
        owner(catalog),
        loaded.tokenizer(),
        prompts(),
        engine::submit,
        loaded.kernel(),
        engine::statistics);
  }

  /** Refuses new generations and ends the running ones within {@code grace}. */
  public void stop(Duration grace) {
    engine.stop(grace);
  }

  private static Instant created(StoredModel stored) {
    Instant pulled = stored.pulledAt();
    if (pulled != null) {
      return pulled;
    }
    Path file = stored.file();
    try {
      return Files.getLastModifiedTime(file).toInstant();
    } catch (IOException e) {
      return Instant.EPOCH; // only shown in lists
    }
  }

  /** The organisation that publishes it on a hub, else {@code local}. */
  private String owner(Catalog catalog) {
    return catalog.find(stored.name()).stream()
        .flatMap(entry -> entry.sources().stream())
        .map(CatalogSource::references)
        .map(references -> references.getFirst())
        .filter(ModelReference.HubFile.class::isInstance)
        .map(ModelReference.HubFile.class::cast)
        .map(file -> file.repository().substring(0, file.repository().indexOf('/')))
        .map(organisation -> organisation.toLowerCase(Locale.ROOT))
        .findFirst()
        .orElse("local");
  }
}
