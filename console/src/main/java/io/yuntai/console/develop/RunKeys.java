package io.yuntai.console.develop;

import io.yuntai.console.page.Visit;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.keys.ApiKey;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.server.console.ConsoleServices;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keys for requests that pages make on their reader's behalf: what is run in place goes by the same
 * way as what runs elsewhere, with a key, budgets and a price. Each lives for an hour in the page
 * that asked for it.
 */
final class RunKeys {
  private static final Duration LIFE = Duration.ofHours(1);
  private static final String NAME = "console, ";
  private static final JsonMapper JSON = new JsonMapper();

  private final ConsoleServices services;

  RunKeys(ConsoleServices services) {
    this.services = services;
  }

  /** Whether a key is one that the page made for itself. */
  static boolean isOne(ApiKey key) {
    Instant expires = key.expires();
    return key.name().startsWith(NAME)
        && expires != null
        && !expires.isAfter(key.created().plus(LIFE).plusSeconds(60));
  }

  /** A new one, as JSON. */
  byte[] make(Visit visit) throws ApiException {
    Organisation org = visit.tenant();
    ObjectNode fields =
        Visit.fields()
            .put("name", NAME + visit.session().email())
            .put("expires", services.clock().instant().plus(LIFE).toString());
    // The operator looks at tenants that he or she is no member of.
    if (visit.session().role(org.name()) != null) {
      fields.put("user", visit.session().email());
    }
    JsonNode made = visit.call("POST", List.of("tenants", org.name(), "keys"), fields);
    return JSON.writeValueAsString(
            JsonNodeFactory.instance.objectNode().put("key", made.path("key").asString()))
        .getBytes(StandardCharsets.UTF_8);
  }
}
