package io.yuntai.server.auth;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.json.Fields;
import io.yuntai.dialect.json.JsonBody;
import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.ledger.identity.Account;
import io.yuntai.ledger.identity.Identity;
import io.yuntai.ledger.identity.OpenedSession;
import io.yuntai.ledger.identity.Session;
import io.yuntai.ledger.identity.SignIn.LinkAnswer;
import io.yuntai.ledger.identity.SignInException;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.server.api.Problems;
import io.yuntai.server.http.Api;
import io.yuntai.server.http.Exchange;
import io.yuntai.server.http.Resource;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code /auth/}: signing in and out, and one's own password, second factor and sessions. */
public final class AuthApi implements Api {
  private static final Logger LOG = LoggerFactory.getLogger(AuthApi.class);
  private static final JsonMapper JSON = new JsonMapper();
  private static final String SESSIONS = "/auth/sessions/";
  private static final int MAX_TEXT = 1000;

  private final Identity identity;
  private final SessionGate gate;
  private final OidcRoutes oidc;

  /** On these people. */
  public AuthApi(Identity identity, SessionGate gate, OidcRoutes oidc) {
    this.identity = identity;
    this.gate = gate;
    this.oidc = oidc;
  }

  @Override
  public boolean owns(String path) {
    return path.startsWith("/auth/") || path.equals("/auth");
  }

  @Override
  public Optional<Resource> at(String path) {
    return switch (path) {
      case "/auth/providers" ->
          Optional.of(
              get(exchange -> write(exchange, AuthViews.providers(oidc.providers().all()))));
      case "/auth/sign-in" -> Optional.of(post(this::signIn));
      case "/auth/link" -> Optional.of(post(this::link));
      case "/auth/session" -> Optional.of(get(this::session).and("DELETE", guarded(this::signOut)));
      case "/auth/sessions" -> Optional.of(get(this::sessions));
      case "/auth/password" -> Optional.of(Resource.empty().and("PUT", guarded(this::setPassword)));
      case "/auth/second-factor" ->
          Optional.of(post(this::offerFactor).and("DELETE", guarded(this::removeFactor)));
      case "/auth/second-factor/confirm" -> Optional.of(post(this::confirmFactor));
      case "/auth/recovery-codes" -> Optional.of(post(this::recoveryCodes));
      default ->
          path.matches(SESSIONS + "[0-9]{1,18}")
              ? Optional.of(
                  Resource.empty()
                      .and(
                          "DELETE",
                          guarded(exchange ->
                              endSession(
                                  exchange, Long.parseLong(path.substring(SESSIONS.length()))))))
              : oidc.at(path);
    };
  }

  private static Resource get(Resource.Handler handler) {
    return Resource.get(guarded(handler));
  }

  private static Resource post(Resource.Handler handler) {
    return Resource.empty().and("POST", guarded(handler));
  }

  /** Says refusals as HTTP does. */
  static Resource.Handler guarded(Resource.Handler handler) {
    return exchange -> {
      try {
        exchange.header("Cache-Control", "no-store");
        handler.answer(exchange);
      } catch (RefusedException refusal) {
        throw new ApiException(Problems.of(refusal));
      } catch (SignInException refusal) {
        throw new ApiException(error(refusal));
      } catch (DatabaseException failure) {
        LOG.warn("{}: {}", exchange.requestId(), failure.getMessage(), failure);
        throw new ApiException(
            ApiError.unavailable(
                "database_unavailable",
                "The database can't be asked now; the server's log has more under %s."
                    .formatted(exchange.requestId()),
                5));
      }
    };
  }

  /** A refusal to let somebody in, as HTTP says it. */
  public static ApiError error(SignInException refusal) {
    int status =
        switch (refusal.reason()) {
          case WRONG_CREDENTIALS, FACTOR_NEEDED, WRONG_CODE -> 401;
          case LINK_INVALID -> 410;
          case NO_MEMBERSHIP, PROVIDER_REFUSED -> 403;
          case THROTTLED -> 429;
          case BUSY -> 503;
        };
    return new ApiError(
        status,
        "invalid_request_error",
        Optional.of(code(refusal.reason())),
        refusal.sentence(),
        Optional.empty(),
        refusal.retryAfterSeconds() > 0
            ? OptionalInt.of(refusal.retryAfterSeconds())
            : OptionalInt.empty());
  }

  /** What programs and pages read. */
  static String code(SignInException.Reason reason) {
    return switch (reason) {
      case WRONG_CREDENTIALS -> "wrong_credentials";
      case FACTOR_NEEDED -> "second_factor_required";
      case WRONG_CODE -> "wrong_code";
      case LINK_INVALID -> "link_invalid";
      case NO_MEMBERSHIP -> "no_membership";
      case PROVIDER_REFUSED -> "provider_refused";
      case THROTTLED -> "too_many_tries";
      case BUSY -> "busy";
    };
  }

  @Override
  public String errorType() {
    return Problems.TYPE;
  }

  @Override
  public ErrorReply error(ApiError error, String requestId) {
    return Problems.reply(error, requestId);
  }

  private static Fields body(Exchange exchange) throws ApiException, InterruptedException {
    return exchange.readJson(bytes -> new Fields(JsonBody.parse(bytes), ""));
  }

  private static void write(Exchange exchange, JsonNode body) throws IOException {
    exchange.json(200, JSON.writeValueAsBytes(body));
  }

  private void signIn(Exchange exchange) throws ApiException, IOException, InterruptedException {
    gate.requireOwnPage(exchange);
    Fields body = body(exchange);
    String email = body.requiredText("email", MAX_TEXT);
    String password = body.requiredText("password", MAX_TEXT);
    Optional<String> code = body.text("code", MAX_TEXT);
    body.refuseUnknown();
    welcome(exchange, identity.signIn().byPassword(gate.visitor(exchange), email, password, code));
  }

  private void link(Exchange exchange) throws ApiException, IOException, InterruptedException {
    gate.requireOwnPage(exchange);
    Fields body = body(exchange);
    String token = body.requiredText("token", MAX_TEXT);
    boolean look = body.flag("look");
    LinkAnswer answer =
        new LinkAnswer(
            body.text("email", MAX_TEXT),
            body.text("name", MAX_TEXT).orElse(""),
            body.text("password", MAX_TEXT),
            body.text("code", MAX_TEXT));
    body.refuseUnknown();
    if (look) {
      String email = identity.links().ownerOf(token);
      write(
          exchange,
          JsonNodeFactory.instance.objectNode().put("email", email.isEmpty() ? null : email));
    } else {
      welcome(exchange, identity.signIn().byLink(gate.visitor(exchange), token, answer));
    }
  }

  /** Gives the browser its cookie, and its page what changes carry. */
  private void welcome(Exchange exchange, OpenedSession opened) throws IOException {
    gate.welcome(exchange, opened);
    write(
        exchange,
        AuthViews.session(
            opened.session(),
            identity.account().standing(opened.session()),
            identity.sessions().csrf(opened.token())));
  }

  private void session(Exchange exchange) throws ApiException, IOException {
    Session session = gate.require(exchange);
    write(
        exchange,
        AuthViews.session(
            session, identity.account().standing(session), gate.csrf(exchange).orElseThrow()));
  }

  private void signOut(Exchange exchange) throws ApiException, IOException {
    identity.sessions().end(gate.require(exchange), gate.visitor(exchange));
    gate.cookies().clearSession(exchange);
    exchange.empty(204);
  }

  private void sessions(Exchange exchange) throws ApiException, IOException {
    Session session = gate.require(exchange);
    write(exchange, AuthViews.sessions(identity.sessions().of(session), session));
  }

  private void endSession(Exchange exchange, long id) throws ApiException, IOException {
    identity.sessions().end(gate.require(exchange), gate.visitor(exchange), id);
    exchange.empty(204);
  }

  private void setPassword(Exchange exchange)
      throws ApiException, IOException, InterruptedException {
    Session session = gate.require(exchange);
    Fields body = body(exchange);
    Optional<String> current = body.text("current", MAX_TEXT);
    String next = body.requiredText("password", MAX_TEXT);
    body.refuseUnknown();
    welcome(
        exchange, identity.account().setPassword(session, gate.visitor(exchange), current, next));
  }

  private void offerFactor(Exchange exchange) throws ApiException, IOException {
    Account.FactorOffer offer = identity.account().offerFactor(gate.require(exchange));
    write(
        exchange,
        JsonNodeFactory.instance
            .objectNode()
            .put("secret", offer.secret())
            .put("uri", offer.uri()));
  }

  private static String codeOf(Exchange exchange) throws ApiException, InterruptedException {
    Fields body = body(exchange);
    String code = body.requiredText("code", MAX_TEXT);
    body.refuseUnknown();
    return code;
  }

  private void confirmFactor(Exchange exchange)
      throws ApiException, IOException, InterruptedException {
    Session session = gate.require(exchange);
    write(
        exchange,
        AuthViews.recoveryCodes(
            identity.account().confirmFactor(session, gate.visitor(exchange), codeOf(exchange))));
  }

  private void removeFactor(Exchange exchange)
      throws ApiException, IOException, InterruptedException {
    Session session = gate.require(exchange);
    identity.account().removeFactor(session, gate.visitor(exchange), codeOf(exchange));
    exchange.empty(204);
  }

  private void recoveryCodes(Exchange exchange)
      throws ApiException, IOException, InterruptedException {
    Session session = gate.require(exchange);
    write(
        exchange,
        AuthViews.recoveryCodes(
            identity
                .account()
                .newRecoveryCodes(session, gate.visitor(exchange), codeOf(exchange))));
  }
}
