package io.yuntai.server.admin;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.json.Fields;
import io.yuntai.dialect.json.JsonBody;
import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.ledger.keys.ApiKey;
import io.yuntai.ledger.keys.Scope;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.server.api.Callers;
import io.yuntai.server.api.Problems;
import io.yuntai.server.auth.SessionGate;
import io.yuntai.server.gateway.Principal;
import io.yuntai.server.http.Api;
import io.yuntai.server.http.Exchange;
import io.yuntai.server.http.Resource;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** The admin API over HTTP: who asks, which route, refusals as problems (RFC 9457). */
public final class AdminApi implements Api {
  private static final Logger LOG = LoggerFactory.getLogger(AdminApi.class);
  private static final String ROOT = "/admin/v1";
  private static final JsonMapper JSON = new JsonMapper();

  private final Callers callers;
  private final SessionGate sessions;
  private final RouteTable routes;
  private final OnceOnly onceOnly;
  private final byte[] document;

  /** Of these routes. */
  public AdminApi(Callers callers, SessionGate sessions, AdminRoutes routes, OnceOnly onceOnly) {
    this.callers = callers;
    this.sessions = sessions;
    this.onceOnly = onceOnly;
    this.routes = new RouteTable(routes.all());
    this.document = JSON.writeValueAsBytes(OpenApiDocument.of(routes.all()));
  }

  @Override
  public boolean owns(String path) {
    return path.startsWith("/admin/") || path.equals("/admin");
  }

  @Override
  public Optional<Resource> at(String path) {
    if (path.equals(ROOT + "/openapi.json")) {
      return Optional.of(Resource.get(exchange -> exchange.json(200, document)));
    }
    if (!path.startsWith(ROOT + "/")) {
      return Optional.empty();
    }
    return routes
        .find(path.substring(ROOT.length()))
        .map(found -> resource(found.methods(), found.names()));
  }

  private Resource resource(List<AdminRoute> methods, Map<String, String> names) {
    Resource resource = Resource.empty();
    for (AdminRoute route : methods) {
      resource = resource.and(route.method(), exchange -> answer(route, names, exchange));
    }
    return resource;
  }

  @Override
  public String errorType() {
    return Problems.TYPE;
  }

  @Override
  public ErrorReply error(ApiError error, String requestId) {
    return Problems.reply(error, requestId);
  }

  private void answer(AdminRoute route, Map<String, String> names, Exchange exchange)
      throws ApiException, IOException, InterruptedException {
    try {
      AdminCaller caller = caller(exchange);
      AdminCalls.admit(route, caller, names);
      Fields body = body(route, exchange);
      AdminRequest request = new AdminRequest(caller, Envelope.of(exchange), names, body);
      AdminAnswer answer =
          route.method().equals("POST") && exchange.idempotencyKey().isPresent()
              ? onceOnly.answer(caller.actor(), exchange, () -> route.handler().answer(request))
              : route.handler().answer(request);
      write(answer, exchange);
    } catch (RefusedException refusal) {
      throw new ApiException(Problems.of(refusal));
    } catch (DatabaseException failure) {
      LOG.warn("{}: {}", exchange.requestId(), failure.getMessage(), failure);
      throw new ApiException(
          ApiError.unavailable(
              "database_unavailable",
              "The database can't be asked now; the server's log has more under %s."
                  .formatted(exchange.requestId()),
              5));
    }
  }

  private static Fields body(AdminRoute route, Exchange exchange)
      throws ApiException, InterruptedException {
    return route.body().isPresent()
        ? exchange.readJson(bytes -> new Fields(JsonBody.parse(bytes), ""))
        : new Fields(JsonNodeFactory.instance.objectNode(), "");
  }

  private AdminCaller caller(Exchange exchange) throws ApiException {
    String origin = exchange.clientAddress().getHostAddress();
    if (sessions.applies(exchange)) {
      return AdminCaller.of(sessions.require(exchange), origin);
    }
    Principal asker = callers.byBearer(exchange);
    if (asker.operates()) {
      return AdminCaller.operator(new Actor("operator", origin));
    }
    ApiKey key = asker.key().orElseThrow(AdminApi::notForThis);
    Actor actor = new Actor("key:" + key.id(), origin);
    if (key.limits().scopes().contains(Scope.OPERATOR)) {
      return AdminCaller.operator(actor);
    }
    if (key.limits().scopes().contains(Scope.ADMIN)) {
      return AdminCaller.of(actor, key);
    }
    throw notForThis();
  }

  private static ApiException notForThis() {
    return new ApiException(
        ApiError.invalidRequest(
            403,
            "scope_not_allowed",
            "This key is not for the admin API: make one with the scope admin or operator."));
  }

  private static void write(AdminAnswer answer, Exchange exchange)
      throws IOException, InterruptedException {
    answer.version().ifPresent(version -> exchange.header("ETag", "\"v" + version + "\""));
    exchange.header("Cache-Control", "no-store");
    AdminAnswer.Document file = answer.file();
    AdminAnswer.Stream stream = answer.stream();
    if (file != null) {
      exchange.whole(answer.status(), file.type(), file.bytes());
    } else if (stream != null) {
      exchange.streamType(stream.type());
      stream.write(exchange);
      exchange.end();
    } else if (answer.body() == null) {
      exchange.empty(answer.status());
    } else {
      exchange.json(answer.status(), JSON.writeValueAsBytes(answer.body()));
    }
  }
}
