package io.yuntai.console.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Somebody's browser without script: keeps cookies, and sends what the last page's forms have. */
public final class Browser {
  private static final Pattern TOKEN = Pattern.compile("<meta name=\"csrf\" content=\"([^\"]*)\">");

  private final URI base;
  private final CookieManager cookies = new CookieManager();
  private final HttpClient client =
      HttpClient.newBuilder().cookieHandler(cookies).followRedirects(Redirect.NEVER).build();
  private final Map<String, String> headers = new LinkedHashMap<>();
  private String csrf = "";

  /** Of a server there. */
  public Browser(URI base) {
    this.base = base;
  }

  /** What came back. */
  public record Reply(int status, String body, HttpResponse<String> response) {
    /** A header; empty for none. */
    public String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    /** Where it leads; empty for nowhere. */
    public String location() {
      return header("Location");
    }
  }

  /** Sends a header with everything from now on. */
  public Browser with(String name, String value) {
    headers.put(name, value);
    return this;
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(60));
    headers.forEach(request::header);
    return request;
  }

  private Reply send(HttpRequest request) throws Exception {
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    Matcher token = TOKEN.matcher(response.body());
    if (token.find()) {
      csrf = token.group(1);
    }
    return new Reply(response.statusCode(), response.body(), response);
  }

  /** Opens an address. */
  public Reply get(String path) throws Exception {
    return send(request(path).GET().build());
  }

  /** The data of the first event of a stream, which is left then. */
  public String firstEvent(String path) throws Exception {
    HttpResponse<Stream<String>> answer =
        client.send(request(path).GET().build(), BodyHandlers.ofLines());
    assertThat(answer.statusCode()).isEqualTo(200);
    try (Stream<String> lines = answer.body()) {
      return lines
          .filter(line -> line.startsWith("data: "))
          .findFirst()
          .orElseThrow()
          .substring("data: ".length());
    }
  }

  /** Opens an address and goes where it leads. */
  public Reply follow(String path) throws Exception {
    Reply reply = get(path);
    for (int i = 0; i < 5 && reply.status() == 303; i++) {
      reply = get(reply.location());
    }
    return reply;
  }

  /** Sends a form with the token of the last page. */
  public Reply post(String path, Map<String, String> fields) throws Exception {
    return postWith(csrf, path, fields);
  }

  /** Sends a form with this token. */
  public Reply postWith(String token, String path, Map<String, String> fields) throws Exception {
    Map<String, String> all = new LinkedHashMap<>(fields);
    all.put("csrf", token);
    String body =
        all.entrySet().stream()
            .map(field ->
                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return send(
        request(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  /** Signs in, and opens the first page. */
  public void signIn(String email, String password) throws Exception {
    csrf = "";
    Reply reply = post("/sign-in", Map.of("email", email, "password", password));
    assertThat(reply.status()).as(reply.body()).isEqualTo(303);
    assertThat(follow("/console").status()).isEqualTo(200);
  }

  /** The token that the last page's forms have. */
  public String csrf() {
    return csrf;
  }

  /** All cookies, as a header has them. */
  public String cookies() {
    return cookies.getCookieStore().getCookies().stream()
        .map(cookie -> cookie.getName() + "=" + cookie.getValue())
        .collect(Collectors.joining("; "));
  }

  /** A cookie's value; empty for none. */
  public String cookie(String name) {
    return cookies.getCookieStore().getCookies().stream()
        .filter(cookie -> cookie.getName().equals(name))
        .map(HttpCookie::getValue)
        .findFirst()
        .orElse("");
  }

  /** Sends JSON as pages' scripts do, with the token of the last page. */
  public Reply json(String path, String body) throws Exception {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .header("X-CSRF-Token", csrf)
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  /** Begins to read something that may be long. */
  public HttpResponse<InputStream> open(String path) throws Exception {
    return client.send(
        request(path).timeout(Duration.ofMinutes(2)).GET().build(), BodyHandlers.ofInputStream());
  }

  /** Sends a form with a file, and the token of the last page. */
  public Reply postFile(
      String path, Map<String, String> fields, String field, String name, byte[] content)
      throws Exception {
    String boundary = "----yuntai-form";
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    Map<String, String> all = new LinkedHashMap<>(fields);
    all.put("csrf", csrf);
    all.forEach((key, value) ->
        body.writeBytes(
            "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
                .formatted(boundary, key, value)
                .getBytes(StandardCharsets.UTF_8)));
    body.writeBytes(
        "--%s\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\n\r\n"
            .formatted(boundary, field, name)
            .getBytes(StandardCharsets.UTF_8));
    body.writeBytes(content);
    body.writeBytes(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
    return send(
        request(path)
            .header("Content-Type", "multipart/form-data; boundary=" + boundary)
            .POST(BodyPublishers.ofByteArray(body.toByteArray()))
            .build());
  }

  /** Sends a file as pages' scripts do. */
  public Reply upload(String path, String name, byte[] content) throws Exception {
    String boundary = "----yuntai";
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    String head =
        "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n\r\n"
            .formatted(boundary, name);
    body.writeBytes(head.getBytes(StandardCharsets.UTF_8));
    body.writeBytes(content);
    body.writeBytes(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
    return send(
        request(path)
            .header("Content-Type", "multipart/form-data; boundary=" + boundary)
            .header("X-CSRF-Token", csrf)
            .POST(BodyPublishers.ofByteArray(body.toByteArray()))
            .build());
  }
}
