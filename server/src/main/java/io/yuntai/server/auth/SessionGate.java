package io.yuntai.server.auth;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.identity.OpenedSession;
import io.yuntai.ledger.identity.Session;
import io.yuntai.ledger.identity.Sessions;
import io.yuntai.ledger.identity.Visitor;
import io.yuntai.server.http.Exchange;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Tells who is behind a session's cookie. Safe for use by many threads. */
public final class SessionGate {
  /** The header that each change carries. */
  public static final String CSRF_HEADER = "X-CSRF-Token";

  private final Sessions sessions;
  private final Optional<URI> publicUrl;
  private final SessionCookie cookies;

  /**
   * @param publicUrl where browsers find this server; empty for where they say they are
   */
  public SessionGate(Sessions sessions, Optional<URI> publicUrl) {
    this.sessions = sessions;
    this.publicUrl = publicUrl;
    this.cookies =
        new SessionCookie(publicUrl.map(URI::getScheme).filter("https"::equals).isPresent());
  }

  SessionCookie cookies() {
    return cookies;
  }

  /** Whether a request presents a session rather than a key. */
  public boolean applies(Exchange exchange) {
    return exchange.requestHeader("Authorization").isEmpty()
        && cookies.session(exchange).isPresent();
  }

  /** Who is signed in, for what changes nothing. */
  public Optional<Session> session(Exchange exchange) {
    return cookies.session(exchange).flatMap(sessions::find);
  }

  /** Whether a session that a request came with still opens what it did. */
  public boolean stands(Exchange exchange, Session session) {
    return cookies.session(exchange).filter(token -> sessions.stands(token, session)).isPresent();
  }

  /**
   * Who asks.
   *
   * @throws ApiException 401 where the session has ended; 403 for a change that doesn't come from a
   *     page of ours
   */
  public Session require(Exchange exchange) throws ApiException {
    Session session =
        session(exchange)
            .orElseThrow(() ->
                new ApiException(
                    ApiError.invalidRequest(
                        401,
                        "not_signed_in",
                        "Nobody is signed in here, or the session has ended.")));
    if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
      requireOwnChange(exchange, exchange.requestHeader(CSRF_HEADER).orElse(""));
    }
    return session;
  }

  /**
   * Lets a change of our own pages through.
   *
   * @param sent the token that came with it, masked or not
   * @throws ApiException 403 for a change that doesn't come from a page of ours
   */
  public void requireOwnChange(Exchange exchange, String sent) throws ApiException {
    requireOwnPage(exchange);
    byte[] plain = CsrfMask.remove(sent).getBytes(StandardCharsets.UTF_8);
    byte[] right = csrf(exchange).orElse("").getBytes(StandardCharsets.UTF_8);
    if (right.length == 0 || !MessageDigest.isEqual(plain, right)) {
      throw new ApiException(
          ApiError.invalidRequest(
              403,
              "csrf_token_invalid",
              "The header %s is missing or is not this session's: GET /auth/session tells it."
                  .formatted(CSRF_HEADER)));
    }
  }

  /**
   * What a page's forms send with each change, different in each answer: so that its compressed
   * length tells nobody of it.
   *
   * @return empty where nobody is signed in
   */
  public String maskedCsrf(Exchange exchange, RandomGenerator random) {
    return csrf(exchange).map(token -> CsrfMask.put(token, random)).orElse("");
  }

  /**
   * Lets requests of our own pages through, and of programs that are no browser.
   *
   * @throws ApiException 403 for another site's page
   */
  public void requireOwnPage(Exchange exchange) throws ApiException {
    Optional<String> site = exchange.requestHeader("Sec-Fetch-Site");
    Optional<String> origin = exchange.requestHeader("Origin");
    boolean own =
        site.map(said -> said.equals("same-origin") || said.equals("none")).orElse(true)
            && origin.map(said -> said.equals(base(exchange).toString())).orElse(true);
    if (!own) {
      throw new ApiException(
          ApiError.invalidRequest(
              403,
              "cross_site",
              "This request comes from a page of %s, not of %s."
                  .formatted(shown(origin.orElse("another site")), base(exchange))));
    }
  }

  private static String shown(String text) {
    return text.length() <= 100 ? text : text.substring(0, 100) + "...";
  }

  /** Where browsers find this server, without a slash at the end. */
  public URI base(Exchange exchange) {
    if (publicUrl.isPresent()) {
      return publicUrl.get();
    }
    String host = exchange.requestHeader("Host").orElse("");
    return URI.create(
        "http://" + (host.matches("[A-Za-z0-9.\\[\\]:_-]{1,260}") ? host : "localhost"));
  }

  /** Who comes, as the audit log and the guards against guessing see it. */
  public Visitor visitor(Exchange exchange) {
    return new Visitor(
        exchange.clientAddress().getHostAddress(),
        exchange.requestHeader("User-Agent").orElse(""),
        cookies.session(exchange));
  }

  /** Gives the browser a session. */
  public void welcome(Exchange exchange, OpenedSession opened) {
    Session session = opened.session();
    cookies.setSession(
        exchange, opened.token(), Duration.between(session.created(), session.expires()));
  }

  /** Takes the session's cookie from the browser. */
  public void farewell(Exchange exchange) {
    cookies.clearSession(exchange);
  }

  /** Whether browsers come over TLS, so that cookies of ours travel over nothing else. */
  public boolean secure() {
    return cookies.secure();
  }

  Optional<String> csrf(Exchange exchange) {
    return cookies.session(exchange).map(sessions::csrf);
  }
}
