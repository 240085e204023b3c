package io.yuntai.server;

import io.yuntai.dialect.ApiException;
import io.yuntai.server.gateway.HostedAdapters;
import io.yuntai.server.gateway.ModelHost;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads the adapters that a server begins with. */
final class AdaptersAtStart {
  private static final Logger LOG = LoggerFactory.getLogger(AdaptersAtStart.class);

  private AdaptersAtStart() {}

  /**
   * Those that are asked for must load; of those that are remembered, one that fails is told.
   *
   * @throws StartException naming the adapter that was asked for and can't be loaded
   */
  static void load(
      ServerOptions options, ModelHost host, HostedAdapters adapters, StartListener listener) {
    Set<String> loaded = new HashSet<>();
    for (AdapterChoice choice : options.adapters().load()) {
      try {
        String name = adapters.load(choice.name(), Optional.empty(), choice.path(), false);
        loaded.add(name);
        listener.onEvent(new StartEvent.AdapterReady(name));
      } catch (ApiException e) {
        throw new StartException(
            "The adapter %s can't be loaded: %s".formatted(choice.name(), e.error().message()), e);
      }
    }
    for (AdapterBook.Entry entry : new AdapterBook(options.home()).entries()) {
      if (host.find(entry.base()).isEmpty() || loaded.contains(entry.model())) {
        continue;
      }
      try {
        listener.onEvent(
            new StartEvent.AdapterReady(
                adapters.load(entry.name(), Optional.of(entry.base()), entry.path(), false)));
      } catch (ApiException e) {
        LOG.warn("{} is not loaded: {}", entry.model(), e.error().message());
        String message = e.error().message();
        listener.onEvent(
            new StartEvent.ModelWarning(entry.model(), message.substring(0, message.length() - 1)));
      }
    }
  }
}
