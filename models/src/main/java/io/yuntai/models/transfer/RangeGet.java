package io.yuntai.models.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One GET for a range of a file, through a bounded number of redirects, as HTTP semantics (RFC
 * 9110) have it.
 */
final class RangeGet {
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");

  private final HttpClient client;
  private final TransferLimits limits;
  private final Clock clock;

  RangeGet(HttpClient client, TransferLimits limits, Clock clock) {
    this.client = client;
    this.limits = limits;
    this.clock = clock;
  }

  /**
   * An answer whose body has not been read; the caller closes it.
   *
   * @param from offset of the body's first byte in the file
   * @param bodyBytes the body's length; -1 if the server does not say
   * @param promise what the answer, and the redirects before it, say of the whole file
   */
  record Answer(long from, long bodyBytes, Promise promise, InputStream body)
      implements AutoCloseable {
    @Override
    public void close() {
      discard(body);
    }
  }

  /**
   * Asks for {@code [from, to)}; {@code to} is -1 for the rest. A server that knows no ranges
   * answers with the whole file, from 0.
   *
   * @param validator the version wanted; another is answered from 0
   * @throws SourceException if a repeat would not help
   * @throws TransientException if it might
   */
  Answer open(RemoteFile file, long from, long to, @Nullable String validator)
      throws SourceException, TransientException, InterruptedException {
    URI address = file.address();
    long linkedSize = -1;
    String linkedTag = null;
    for (int redirects = 0; ; redirects++) {
      HttpResponse<InputStream> response = send(file, address, from, to, validator);
      HttpHeaders headers = response.headers();
      linkedSize = Math.max(linkedSize, number(headers.firstValue("X-Linked-Size")));
      if (linkedTag == null && sameOrigin(address, file.address())) {
        linkedTag = headers.firstValue("X-Linked-Etag").orElse(null);
      }
      int status = response.statusCode();
      if (status == 301 || status == 302 || status == 303 || status == 307 || status == 308) {
        discard(response.body());
        if (redirects == limits.redirectsMax()) {
          throw new SourceException(
              file.address().getHost()
                  + " redirects without end ("
                  + limits.redirectsMax()
                  + " redirects followed)");
        }
        address = redirectTarget(address, headers);
        continue;
      }
      if (status == 200 || status == 206) {
        return answer(response, status, linkedSize, linkedTag);
      }
      discard(response.body());
      return refuse(file, address, status, headers);
    }
  }

  private HttpResponse<InputStream> send(
      RemoteFile file, URI address, long from, long to, @Nullable String validator)
      throws SourceException, TransientException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .timeout(limits.stallTimeout())
            .header("User-Agent", "yuntai")
            .header("Accept-Encoding", "identity")
            .header("Range", "bytes=" + from + "-" + (to < 0 ? "" : to - 1));
    // A weak tag can't be used with If-Range (RFC 9110, section 13.1.5); the answer's own tag is
    // compared instead.
    if (validator != null && !validator.startsWith("W/")) {
      request.header("If-Range", validator);
    }
    if (file.bearerToken() != null && sameOrigin(address, file.address())) {
      request.header("Authorization", "Bearer " + file.bearerToken());
    }
    try {
      return client.send(request.build(), BodyHandlers.ofInputStream());
    } catch (HttpConnectTimeoutException e) {
      throw new UnreachableException(
          address.getHost()
              + " can't be reached: no connection within "
              + limits.connectTimeout().toSeconds()
              + " s",
          e);
    } catch (HttpTimeoutException e) {
      throw new TransientException(
          address.getHost() + " did not answer within " + limits.stallTimeout().toMillis() + " ms",
          e);
    } catch (ConnectException e) {
      throw new UnreachableException(
          address.getHost() + " can't be reached: " + connectReason(e), e);
    } catch (SSLException e) {
      throw new SourceException(
          "the secure connection to " + address.getHost() + " failed: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new TransientException(
          "the connection to " + address.getHost() + " broke: " + e.getMessage(), e);
    }
  }

  private static Answer answer(
      HttpResponse<InputStream> response, int status, long linkedSize, @Nullable String linkedTag)
      throws SourceException {
    HttpHeaders headers = response.headers();
    long length = number(headers.firstValue("Content-Length"));
    String tag =
        headers.firstValue("ETag").or(() -> headers.firstValue("Last-Modified")).orElse(null);
    String sha256 = Promise.sha256Of(linkedTag);
    if (status == 200) {
      long size = length >= 0 ? length : linkedSize;
      return new Answer(0, length, new Promise(size, sha256, tag, false), response.body());
    }
    Matcher range = CONTENT_RANGE.matcher(headers.firstValue("Content-Range").orElse(""));
    if (!range.matches()) {
      discard(response.body());
      throw new SourceException(
          "the server answered a range with no Content-Range that can be read");
    }
    long from = Long.parseLong(range.group(1));
    long bodyBytes = Long.parseLong(range.group(2)) - from + 1;
    long size = range.group(3).equals("*") ? linkedSize : Long.parseLong(range.group(3));
    return new Answer(from, bodyBytes, new Promise(size, sha256, tag, true), response.body());
  }

  /** Always throws: what an answer without a body to use means. */
  private Answer refuse(RemoteFile file, URI address, int status, HttpHeaders headers)
      throws SourceException, TransientException {
    String host = address.getHost();
    switch (status) {
      case 401, 403 ->
          throw new SourceException(
              file.bearerToken() == null
                  ? host
                      + " refuses access (HTTP "
                      + status
                      + "); if the file needs an account, set "
                      + file.tokenVariable()
                  : host
                      + " refuses access (HTTP "
                      + status
                      + ") with the token in "
                      + file.tokenVariable()
                      + "; check the token and that its account accepted the model's licence");
      case 404, 410 ->
          throw new SourceException(
              "the file is not there (HTTP " + status + " from " + host + ")");
      case 408, 429, 500, 502, 503, 504 ->
          throw new TransientException(host + " answered HTTP " + status, retryAfter(headers));
      default -> throw new SourceException(host + " answered HTTP " + status);
    }
  }

  private URI redirectTarget(URI from, HttpHeaders headers) throws SourceException {
    String location = headers.firstValue("Location").orElse("");
    try {
      URI to = from.resolve(URI.create(location));
      String scheme = to.getScheme().toLowerCase(Locale.ROOT);
      boolean downgrade = from.getScheme().equalsIgnoreCase("https") && !scheme.equals("https");
      if (to.getHost() != null && (scheme.equals("https") || scheme.equals("http")) && !downgrade) {
        return to;
      }
    } catch (IllegalArgumentException e) {
      // Said below, with the same words as for an address that can be read but not followed.
    }
    throw new SourceException(
        from.getHost()
            + " redirects to an address that can't be followed safely: '"
            + location
            + "'");
  }

  /** A number of seconds or a date (RFC 9110, section 10.2.3); null if absent or unreadable. */
  private @Nullable Duration retryAfter(HttpHeaders headers) {
    String value = headers.firstValue("Retry-After").orElse("").strip();
    if (value.matches("\\d{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(value));
    }
    try {
      ZonedDateTime date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME);
      Duration wait = Duration.between(clock.instant(), date.toInstant());
      return wait.isNegative() ? Duration.ZERO : wait;
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private static String connectReason(ConnectException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return "its name is not known here";
      }
    }
    return Objects.requireNonNullElse(e.getMessage(), "the connection was refused");
  }

  private static boolean sameOrigin(URI a, URI b) {
    return Objects.equals(a.getScheme(), b.getScheme())
        && a.getAuthority() != null
        && a.getAuthority().equalsIgnoreCase(b.getAuthority());
  }

  private static long number(Optional<String> header) {
    return header.filter(text -> text.matches("\\d{1,18}")).map(Long::parseLong).orElse(-1L);
  }

  private static void discard(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      // The connection is given up with it; nothing was wanted from it.
    }
  }
}
