package io.yuntai.server.auth;

import io.yuntai.ledger.identity.Account.Standing;
import io.yuntai.ledger.identity.Session;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.ledger.tenancy.Role;
import io.yuntai.server.config.SignInSettings.OidcProvider;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Sessions and what belongs to them, as JSON. */
final class AuthViews {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private AuthViews() {}

  /**
   * Who is signed in and what that person may do.
   *
   * @param csrf what changes carry
   */
  static ObjectNode session(Session session, Standing standing, String csrf) {
    ObjectNode node = JSON.objectNode();
    node.putObject("user").put("email", session.email()).put("name", session.name());
    node.put("operator", session.operates());
    ArrayNode tenants = node.putArray("tenants");
    new TreeMap<>(session.roles())
        .forEach((tenant, role) -> {
          ObjectNode membership = tenants.addObject();
          membership.put("name", tenant).put("role", role.label());
          permissions(role, membership.putArray("permissions"));
        });
    return node.put("only_tenant", session.scope().orElse(null))
        .put("has_password", standing.password())
        .put("second_factor", standing.secondFactor())
        .put("recovery_codes_left", standing.recoveryCodes())
        .put("csrf_token", csrf)
        .put("idle_until", session.idleUntil().toString())
        .put("expires", session.expires().toString());
  }

  private static void permissions(Role role, ArrayNode node) {
    for (Permission permission : Permission.values()) {
      if (role.may(permission)) {
        node.add(permission.name().toLowerCase(Locale.ROOT));
      }
    }
  }

  /** A person's sessions. */
  static ObjectNode sessions(List<Session> sessions, Session asking) {
    ObjectNode node = JSON.objectNode();
    ArrayNode items = node.putArray("items");
    for (Session session : sessions) {
      items
          .addObject()
          .put("id", Long.toString(session.id()))
          .put("current", session.id() == asking.id())
          .put("method", session.method().label())
          .put("origin", session.origin())
          .put("agent", session.agent())
          .put("created", session.created().toString())
          .put("seen", session.seen().toString());
    }
    return node;
  }

  /** Providers whose servers one may be sent to. */
  static ObjectNode providers(List<OidcProvider> providers) {
    ObjectNode node = JSON.objectNode();
    ArrayNode items = node.putArray("items");
    for (OidcProvider provider : providers) {
      items
          .addObject()
          .put("name", provider.name())
          .put("title", provider.title())
          .put("path", "/auth/oidc/" + provider.name());
    }
    return node;
  }

  static ObjectNode recoveryCodes(List<String> codes) {
    ObjectNode node = JSON.objectNode();
    ArrayNode items = node.putArray("recovery_codes");
    codes.forEach(items::add);
    return node;
  }
}
