package io.yuntai.server.auth;

import io.yuntai.server.config.SignInSettings.OidcProvider;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The identity providers that the operator trusts. Asks none before somebody goes there. */
public final class OidcProviders {
  private final List<OidcProvider> all;
  private final Map<String, OidcClient> clients;

  /** Of the configuration. */
  public OidcProviders(List<OidcProvider> all) {
    this.all = List.copyOf(all);
    this.clients =
        all.stream().collect(Collectors.toMap(OidcProvider::name, OidcClient::new, (a, b) -> a));
  }

  /** In the configuration's order. */
  public List<OidcProvider> all() {
    return all;
  }

  Optional<OidcClient> find(String name) {
    return Optional.ofNullable(clients.get(name));
  }
}
