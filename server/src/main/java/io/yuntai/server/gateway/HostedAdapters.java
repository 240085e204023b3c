package io.yuntai.server.gateway;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.engine.AdapterException;
import io.yuntai.engine.Adapters;
import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.NotEnoughMemoryException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Loads and unloads adapters of hosted models. Each becomes a model that answers by the name {@code
 * base:adapter}. Safe for use by many threads.
 */
public final class HostedAdapters {
  private static final String NAME = "lora_name";
  private static final String PATH = "lora_path";

  private final ModelHost models;
  private final InstantSource clock;

  /**
   * @param models what is hosted, adapters among them
   * @param clock for {@code created}
   */
  public HostedAdapters(ModelHost models, InstantSource clock) {
    this.models = models;
    this.clock = clock;
  }

  private record Place(HostedModel base, Adapters adapters, String adapter) {
    String name() {
      return base.name() + ":" + adapter;
    }
  }

  /**
   * Loads an adapter; a request may ask for it when this returns.
   *
   * @param name {@code base:adapter}; the adapter's name alone where {@code base} is given or only
   *     one model is there
   * @param path a GGUF file, or a folder as the peft library makes it
   * @param inPlace whether it takes the place of one that has the name
   * @return what requests call it
   * @throws ApiException that says what is wrong
   */
  @SuppressWarnings("OptionalUsedAsFieldOrParameterType") // as the request has it
  public synchronized String load(String name, Optional<String> base, String path, boolean inPlace)
      throws ApiException {
    Place place = place(name, base);
    Path file = file(path);
    boolean replaces = inPlace && models.find(place.name()).isPresent();
    if (models.isTaken(place.name()) && !replaces) {
      throw wrong(
          NAME,
          "The model `%s` is loaded already; unload it first, or set 'load_inplace'."
              .formatted(place.name()));
    }
    try {
      if (replaces) {
        place.adapters.unload(place.adapter);
        models.remove(place.name());
      }
      place.adapters.load(place.adapter, file);
    } catch (AdapterException | NotEnoughMemoryException e) {
      throw wrong(NAME, sentence(e));
    } catch (ModelFormatException e) {
      // It begins with the file's name.
      throw wrong(PATH, "The adapter can't be loaded: " + e.getMessage() + ".");
    }
    models.add(
        place.base.adapted(
            place.adapter,
            clock.instant().getEpochSecond(),
            AdapterFingerprint.of(place.base.fingerprint(), file)));
    return place.name();
  }

  /**
   * Unloads an adapter; answers that it is giving go on.
   *
   * @param name as in {@link #load}
   * @return what requests called it
   * @throws ApiException 404 where there is none
   */
  public synchronized String unload(String name) throws ApiException {
    Place place = place(name, Optional.empty());
    models.remove(place.name());
    try {
      place.adapters.unload(place.adapter);
    } catch (AdapterException e) {
      throw new ApiException(ApiError.invalidRequest(404, "model_not_found", sentence(e)));
    }
    return place.name();
  }

  @SuppressWarnings("OptionalUsedAsFieldOrParameterType") // as the request has it
  private Place place(String name, Optional<String> base) throws ApiException {
    if (base.isPresent()) {
      HostedModel model = base(base.get());
      String prefix = model.name() + ":";
      return place(model, name.startsWith(prefix) ? name.substring(prefix.length()) : name);
    }
    int colon = name.lastIndexOf(':');
    if (colon >= 0) {
      return place(base(name.substring(0, colon)), name.substring(colon + 1));
    }
    List<HostedModel> bases =
        models.all().stream().filter(model -> model.parent().isEmpty()).toList();
    if (bases.size() != 1) {
      throw wrong(
          NAME,
          "%d models could take the adapter %s; say which: base:%s"
              .formatted(bases.size(), name, name));
    }
    return place(bases.getFirst(), name);
  }

  private static Place place(HostedModel base, String adapter) throws ApiException {
    try {
      Adapters.checkName(adapter);
    } catch (AdapterException e) {
      throw wrong(NAME, sentence(e));
    }
    if (base.adapters().isEmpty()) {
      throw wrong(NAME, "The model `%s` takes no adapters.".formatted(base.name()));
    }
    return new Place(base, base.adapters().get(), adapter);
  }

  private HostedModel base(String name) throws ApiException {
    Optional<HostedModel> model = models.find(name).filter(found -> found.parent().isEmpty());
    if (model.isEmpty()) {
      throw new ApiException(
          ApiError.invalidRequest(
              404,
              "model_not_found",
              "The model `%s`, which the adapter is for, is not served.".formatted(name)));
    }
    return model.get();
  }

  private static Path file(String path) throws ApiException {
    try {
      Path file = Path.of(path);
      if (file.isAbsolute()) {
        return file;
      }
    } catch (InvalidPathException e) {
      throw wrong(PATH, "'%s' is no path: %s".formatted(path, e.getReason()));
    }
    throw wrong(PATH, "'%s' is no absolute path on the server's machine.".formatted(path));
  }

  private static String sentence(RuntimeException e) {
    String message = String.valueOf(e.getMessage());
    String whole = Character.toUpperCase(message.charAt(0)) + message.substring(1);
    return whole.endsWith(".") ? whole : whole + ".";
  }

  private static ApiException wrong(String field, String message) {
    return new ApiException(ApiError.invalidField("invalid_value", field, message));
  }
}
