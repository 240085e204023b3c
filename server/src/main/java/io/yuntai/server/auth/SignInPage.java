package io.yuntai.server.auth;

import io.yuntai.ledger.identity.SignInLink;
import io.yuntai.server.http.Exchange;
import io.yuntai.server.http.Resource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/**
 * The page {@code /sign-in}. A link's token stands behind the {@code #} of its address, which
 * browsers send to nobody, so it is in no log; opening the page doesn't use it up.
 */
public final class SignInPage {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

  private final Map<String, File> files;

  private record File(String type, byte[] bytes) {}

  private SignInPage(Map<String, File> files) {
    this.files = files;
  }

  static SignInPage load() {
    return new SignInPage(
        Map.of(
            "/sign-in",
            file("sign-in.html", "text/html; charset=utf-8"),
            "/sign-in/page.js",
            file("sign-in.js", "text/javascript; charset=utf-8"),
            "/sign-in/page.css",
            file("sign-in.css", "text/css; charset=utf-8")));
  }

  private static File file(String name, String type) {
    try (InputStream in = SignInPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the jar");
      }
      return new File(type, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What a person opens to use a link.
   *
   * @param base where browsers find the server, without a slash at the end
   */
  public static String address(String base, SignInLink link) {
    return base + "/sign-in#" + link.token();
  }

  boolean owns(String path) {
    return path.equals("/sign-in") || path.startsWith("/sign-in/");
  }

  Optional<Resource> at(String path) {
    return Optional.ofNullable(files.get(path))
        .map(file -> Resource.get(exchange -> write(exchange, file)));
  }

  private static void write(Exchange exchange, File file) throws IOException {
    exchange.header("Content-Security-Policy", POLICY);
    exchange.header("X-Content-Type-Options", "nosniff");
    exchange.header("Referrer-Policy", "no-referrer");
    exchange.header("Cache-Control", "no-cache");
    exchange.whole(200, file.type(), file.bytes());
  }
}
