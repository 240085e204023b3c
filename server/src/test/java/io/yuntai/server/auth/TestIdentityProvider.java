package io.yuntai.server.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A server that speaks OpenID Connect: configuration, keys, authorization with PKCE, tokens. Each
 * person who is sent there is let through at once, as {@link #person} says.
 */
final class TestIdentityProvider implements AutoCloseable {
  static final String CLIENT = "yuntai-test";
  static final String SECRET = "the-client's-secret";

  /** Ways to be wrong. */
  enum Fault {
    NONE,
    WRONG_NONCE,
    WRONG_AUDIENCE,
    WRONG_ISSUER,
    EXPIRED,
    OTHER_KEY,
    UNSIGNED,
    SIGNED_BY_OUR_SECRET,
    UNVERIFIED
  }

  private record Errand(String redirect, String challenge, String nonce) {}

  private final HttpServer server;
  private final RSAKey key;
  private final RSAKey otherKey;
  private final Map<String, Errand> errands = new ConcurrentHashMap<>();
  private volatile Map<String, Object> person = Map.of();
  private volatile Fault fault = Fault.NONE;
  private volatile boolean emailInToken = true;

  private TestIdentityProvider() throws IOException, JOSEException {
    key = new RSAKeyGenerator(2048).keyID("one").generate();
    otherKey = new RSAKeyGenerator(2048).keyID("one").generate();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/.well-known/openid-configuration", exchange -> json(exchange, configuration()));
    server.createContext(
        "/keys", exchange -> json(exchange, new JWKSet(key.toPublicJWK()).toString()));
    server.createContext("/authorize", this::authorize);
    server.createContext("/token", this::token);
    server.createContext("/userinfo", this::userInfo);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  static TestIdentityProvider start() throws IOException, JOSEException {
    return new TestIdentityProvider();
  }

  URI issuer() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Who comes next. */
  void person(String subject, String email) {
    person = Map.of("sub", subject, "email", email, "name", "Somebody");
  }

  void fault(Fault next) {
    fault = next;
  }

  /** Whether the address is in the token, or only told when asked. */
  void emailInToken(boolean inToken) {
    emailInToken = inToken;
  }

  private String configuration() {
    String at = issuer().toString();
    return """
    {"issuer":"%s","authorization_endpoint":"%s/authorize","token_endpoint":"%s/token",
    "jwks_uri":"%s/keys","userinfo_endpoint":"%s/userinfo","response_types_supported":["code"],
    "subject_types_supported":["public"],"id_token_signing_alg_values_supported":["RS256"],
    "code_challenge_methods_supported":["S256"]}\
    """
        .formatted(at, at, at, at, at);
  }

  private void authorize(HttpExchange exchange) throws IOException {
    Map<String, String> query = form(exchange.getRequestURI().getRawQuery());
    if (!CLIENT.equals(query.get("client_id"))
        || !"code".equals(query.get("response_type"))
        || !"S256".equals(query.get("code_challenge_method"))
        || !query.getOrDefault("scope", "").contains("openid")) {
      answer(exchange, 400, "text/plain", "bad request: " + query);
      return;
    }
    String code = UUID.randomUUID().toString();
    errands.put(
        code,
        new Errand(
            query.getOrDefault("redirect_uri", ""),
            query.getOrDefault("code_challenge", ""),
            query.getOrDefault("nonce", "")));
    exchange
        .getResponseHeaders()
        .set(
            "Location",
            "%s?code=%s&state=%s".formatted(query.get("redirect_uri"), code, query.get("state")));
    answer(exchange, 302, "text/plain", "");
  }

  private void token(HttpExchange exchange) throws IOException {
    Map<String, String> body =
        form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    Errand errand = errands.remove(body.getOrDefault("code", ""));
    if (errand == null
        || !errand.redirect().equals(body.get("redirect_uri"))
        || !errand.challenge().equals(challenge(body.getOrDefault("code_verifier", "")))
        || !isOurClient(exchange)) {
      answer(exchange, 400, "application/json", "{\"error\":\"invalid_grant\"}");
      return;
    }
    try {
      json(
          exchange,
          "{\"access_token\":\"t\",\"token_type\":\"Bearer\",\"expires_in\":60,\"id_token\":\"%s\"}"
              .formatted(idToken(errand)));
    } catch (JOSEException e) {
      throw new IOException(e);
    }
  }

  private static boolean isOurClient(HttpExchange exchange) {
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    String plain = header == null ? "" : header.replace("Basic ", "");
    String pair = new String(Base64.getDecoder().decode(plain), StandardCharsets.UTF_8);
    return URLDecoder.decode(pair, StandardCharsets.UTF_8).equals(CLIENT + ":" + SECRET);
  }

  private String idToken(Errand errand) throws JOSEException {
    Instant now = Instant.now();
    Instant until = fault == Fault.EXPIRED ? now.minusSeconds(3600) : now.plusSeconds(300);
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .issuer(fault == Fault.WRONG_ISSUER ? "https://other.example" : issuer().toString())
            .subject(String.valueOf(person.get("sub")))
            .audience(fault == Fault.WRONG_AUDIENCE ? "another" : CLIENT)
            .issueTime(Date.from(until.minusSeconds(300)))
            .expirationTime(Date.from(until))
            .claim("nonce", fault == Fault.WRONG_NONCE ? "another" : errand.nonce());
    if (emailInToken) {
      claims
          .claim("email", person.get("email"))
          .claim("name", person.get("name"))
          .claim("email_verified", fault != Fault.UNVERIFIED);
    }
    return switch (fault) {
      case UNSIGNED -> new PlainJWT(claims.build()).serialize();
      case SIGNED_BY_OUR_SECRET -> {
        SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims.build());
        token.sign(new MACSigner((SECRET + SECRET).getBytes(StandardCharsets.UTF_8)));
        yield token.serialize();
      }
      default -> {
        SignedJWT token =
            new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("one").build(), claims.build());
        token.sign(new RSASSASigner(fault == Fault.OTHER_KEY ? otherKey : key));
        yield token.serialize();
      }
    };
  }

  private void userInfo(HttpExchange exchange) throws IOException {
    json(
        exchange,
        "{\"sub\":\"%s\",\"email\":\"%s\",\"email_verified\":true}"
            .formatted(person.get("sub"), person.get("email")));
  }

  private static String challenge(String verifier) {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(
              MessageDigest.getInstance("SHA-256")
                  .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, String> form(@Nullable String text) {
    Map<String, String> fields = new HashMap<>();
    for (String pair : (text == null ? "" : text).split("&", -1)) {
      int at = pair.indexOf('=');
      if (at > 0) {
        fields.put(
            pair.substring(0, at),
            URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8));
      }
    }
    return fields;
  }

  private static void json(HttpExchange exchange, String body) throws IOException {
    answer(exchange, 200, "application/json", body);
  }

  private static void answer(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
