package io.yuntai.server;

import io.yuntai.engine.LoadOptions;
import io.yuntai.ledger.keys.Network;
import io.yuntai.server.http.HttpOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a server is started with.
 *
 * @param home where it keeps its data
 * @param host address to listen on
 * @param port 1 to 65535, or 0 for any free one
 * @param keysRequired whether requests need an API key; only a server on loopback may do without
 * @param models references of the models to load; at least one, unless there is a configuration
 * @param config the configuration file with routes, absolute
 * @param load how they are loaded
 * @param keepsPacked whether their packed weights are kept on disk for the next start
 * @param prefixCacheBytes how much of the disk may hold long prompts' keys and values for the next
 *     requests and starts; 0 for none
 * @param keepResponses how long conversations of the Responses API are kept
 * @param speculation {@code off}, {@code prompt}, or the reference of a draft model
 * @param adapters what adapters it has
 * @param trustedProxies whose word on who a client is is believed
 */
public record ServerOptions(
    HomeDirectory home,
    String host,
    int port,
    boolean keysRequired,
    List<String> models,
    Optional<Path> config,
    LoadOptions load,
    boolean keepsPacked,
    long prefixCacheBytes,
    Duration keepResponses,
    String speculation,
    AdapterOptions adapters,
    List<Network> trustedProxies) {
  /** The port that is ours by convention. */
  public static final int DEFAULT_PORT = 8460;

  /** The model of a first start. */
  public static final String DEFAULT_MODEL = "qwen2.5-coder:0.5b";

  /** Room for some twenty prompts of a coding agent to a model of half a billion weights. */
  public static final long DEFAULT_PREFIX_CACHE_BYTES = 4_000_000_000L;

  /** As long as OpenAI keeps them. */
  public static final Duration DEFAULT_KEEP_RESPONSES = Duration.ofDays(30);

  /** Options with the adapters that the home remembers. */
  public ServerOptions(
      HomeDirectory home,
      String host,
      int port,
      boolean keysRequired,
      List<String> models,
      Optional<Path> config,
      LoadOptions load,
      boolean keepsPacked,
      long prefixCacheBytes,
      String speculation) {
    this(
        home,
        host,
        port,
        keysRequired,
        models,
        config,
        load,
        keepsPacked,
        prefixCacheBytes,
        DEFAULT_KEEP_RESPONSES,
        speculation,
        AdapterOptions.DEFAULTS,
        List.of());
  }

  /** Checks ranges. */
  public ServerOptions {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("the port " + port + " is not within 0..65535");
    }
    models = List.copyOf(models);
    trustedProxies = List.copyOf(trustedProxies);
    if (models.isEmpty() && config.isEmpty()) {
      throw new IllegalArgumentException(
          "a server needs at least one model, or a configuration with routes");
    }
  }

  /** Where it listens, within the usual bounds. */
  HttpOptions http() {
    return HttpOptions.DEFAULTS.at(host, port).behind(trustedProxies);
  }
}
