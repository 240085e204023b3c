package io.yuntai.console;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.Utf8ByteOutput;
import io.yuntai.console.asset.Assets;
import io.yuntai.console.page.Preferences;
import io.yuntai.console.page.Problem;
import io.yuntai.console.page.Surroundings;
import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;
import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.server.http.Exchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** Writes what pages answer, with the headers that keep them safe and fresh. */
final class PageWriter {
  /** Nothing inline, nothing of others, no frame of others. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self';"
          + " connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self';"
          + " frame-ancestors 'none'; base-uri 'none'";

  private static final String HTML = "text/html; charset=utf-8";
  private static final int WORTH_COMPRESSING_BYTES = 1024;
  private static final int PAGE_GZIP_LEVEL = 5;
  private static final Duration NOTICE = Duration.ofMinutes(1);

  private final Surroundings surroundings;
  private final TemplateEngine templates;

  PageWriter(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.templates =
        TemplateEngine.createPrecompiled(
            null,
            ContentType.Html,
            PageWriter.class.getClassLoader(),
            "io.yuntai.console.templates");
  }

  /** Headers of everything that the console answers. */
  static void secure(Exchange exchange) {
    exchange.header("Content-Security-Policy", POLICY);
    exchange.header("X-Content-Type-Options", "nosniff");
    exchange.header("Referrer-Policy", "same-origin");
    exchange.header("Cross-Origin-Opener-Policy", "same-origin");
    exchange.header("Cross-Origin-Resource-Policy", "same-origin");
    exchange.header(
        "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()");
  }

  void asset(Exchange exchange) throws IOException {
    String path = exchange.path();
    Assets.Asset asset = surroundings.assets().at(path).orElseThrow();
    exchange.header("Cache-Control", "public, max-age=31536000, immutable");
    exchange.header("Vary", "Accept-Encoding");
    byte[] content = asset.content();
    if (takesGzip(exchange)) {
      var shorter = surroundings.assets().gzipped(path);
      if (shorter.isPresent()) {
        exchange.header("Content-Encoding", "gzip");
        content = shorter.get();
      }
    }
    exchange.whole(200, asset.type(), content);
  }

  private static boolean takesGzip(Exchange exchange) {
    return exchange
        .requestHeader("Accept-Encoding")
        .orElse("")
        .toLowerCase(Locale.ROOT)
        .contains("gzip");
  }

  void redirect(Exchange exchange, String to) throws IOException {
    exchange.header("Cache-Control", "no-store");
    // A part of a page can't be another page: htmx opens it as a whole then.
    boolean part = exchange.requestHeader("HX-Request").isPresent();
    exchange.header(part ? "HX-Redirect" : "Location", to);
    exchange.empty(part ? 204 : 303);
  }

  void view(Visit visit, View view) throws IOException {
    Exchange exchange = visit.exchange();
    switch (view) {
      case View.Html html -> html(visit, html);
      case View.Redirect to -> {
        if (!to.notice().isEmpty()) {
          surroundings.setCookie(exchange, Preferences.NOTICE, to.notice(), NOTICE);
        }
        redirect(exchange, to.to());
      }
      case View.File file -> {
        keep(exchange, file.name());
        exchange.whole(200, file.type(), file.content());
      }
      case View.Stream stream -> {
        keep(exchange, stream.name());
        exchange.streamType(stream.type());
        stream(exchange, stream.content());
      }
    }
  }

  private static void keep(Exchange exchange, String name) {
    exchange.header("Cache-Control", "no-store");
    exchange.header("Content-Disposition", "attachment; filename=\"%s\"".formatted(name));
  }

  /** A file that breaks off must not look whole: its connection breaks off, too. */
  private static void stream(Exchange exchange, View.Content content) throws IOException {
    try {
      content.write(exchange::event);
      exchange.end();
    } catch (DatabaseException | RefusedException e) {
      throw new IOException("the file breaks off: " + e.getMessage(), e);
    }
  }

  void problem(Visit visit, Problem why) throws IOException {
    html(visit, new View.Html(why.status(), "shell/problem.jte", why));
  }

  private void html(Visit visit, View.Html html) throws IOException {
    Exchange exchange = visit.exchange();
    Utf8ByteOutput output = new Utf8ByteOutput();
    templates.render(html.template(), Map.of("ui", visit.ui(), "model", html.model()), output);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(output.getContentLength());
    output.writeTo(bytes::write);
    byte[] content = bytes.toByteArray();
    exchange.header("Cache-Control", "no-store");
    exchange.header("Vary", "Cookie, Accept-Encoding, Accept-Language");
    if (!visit.preferences().notice().isEmpty()) {
      surroundings.setCookie(exchange, Preferences.NOTICE, "", Duration.ZERO);
    }
    if (content.length >= WORTH_COMPRESSING_BYTES && takesGzip(exchange)) {
      exchange.header("Content-Encoding", "gzip");
      content = Assets.gzip(content, PAGE_GZIP_LEVEL);
    }
    exchange.whole(html.status(), HTML, content);
  }
}
