package io.yuntai.server.admin;

import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.json.Fields;
import io.yuntai.ledger.tenancy.RefusedException;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The admin API without HTTP, for this server's own pages: what a page changes is checked, allowed
 * and written down exactly as if it had been sent to {@code /admin/v1}.
 */
public final class AdminCalls {
  private final RouteTable routes;

  /** Of these routes. */
  public AdminCalls(AdminRoutes routes) {
    this.routes = new RouteTable(routes.all());
  }

  /**
   * One call.
   *
   * @param caller who asks
   * @param method of HTTP
   * @param path below {@code /admin/v1}, percent-encoded, begins with a slash
   * @param query its parameters
   * @param ifMatch the ETag of what was read; empty for any
   * @param body its fields; of none where it has none
   * @return the answer's body; missing where there is none
   * @throws RefusedException when it is refused
   * @throws ApiException for what is wrong with the request's form
   */
  public JsonNode call(
      AdminCaller caller,
      String method,
      String path,
      Map<String, String> query,
      String ifMatch,
      ObjectNode body)
      throws ApiException {
    RouteTable.Found found =
        routes
            .find(path)
            .orElseThrow(() -> new IllegalArgumentException("no path " + path + " of the API"));
    AdminRoute route =
        found.methods().stream()
            .filter(one -> one.method().equals(method))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no " + method + " " + path));
    AdminAnswer answer =
        perform(
            route,
            new AdminRequest(
                caller, Envelope.of(query, ifMatch), found.names(), new Fields(body, "")));
    JsonNode answered = answer.body();
    return answered == null ? JsonNodeFactory.instance.missingNode() : answered;
  }

  /** Lets through who may. */
  static void admit(AdminRoute route, AdminCaller caller, Map<String, String> names) {
    if (route.permission().isPresent()) {
      caller.require(route.permission().get(), names.getOrDefault("tenant", ""));
    } else {
      caller.requireOperator();
    }
  }

  private static AdminAnswer perform(AdminRoute route, AdminRequest request) throws ApiException {
    admit(route, request.caller(), request.names());
    return route.handler().answer(request);
  }

  /** Names for a path. */
  public static String path(List<String> segments) {
    StringBuilder path = new StringBuilder();
    for (String segment : segments) {
      path.append('/')
          .append(
              java.net.URLEncoder.encode(segment, java.nio.charset.StandardCharsets.UTF_8)
                  .replace("+", "%20"));
    }
    return path.toString();
  }
}
