package io.yuntai.acceptance.browser;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import io.yuntai.acceptance.RealModels;
import io.yuntai.acceptance.Yuntai;
import java.io.IOException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A server with a model, a browser, and the operator signed in by the link of the first start; one
 * for all tests of a run. Tests run one after the other.
 */
final class Console implements AutoCloseable {
  /** The operator's. */
  static final String EMAIL = "operator@example.com";

  /** As long as rules of passwords want it. */
  static final String PASSWORD = "correct horse battery staple 云台";

  private final Yuntai yuntai;
  private Yuntai.Server server;
  private final Chromium chromium;
  private String operator = "";

  private Console() throws Exception {
    yuntai = Yuntai.withModels(RealModels.SMOLLM2);
    server = yuntai.up(RealModels.SMOLLM2);
    chromium = new Chromium();
  }

  /** Gives tests the one that there is. */
  static final class Shared implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(Console.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Console.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(NAMESPACE)
          .computeIfAbsent(
              Console.class,
              _ -> {
                try {
                  return new Console();
                } catch (Exception e) {
                  throw new IllegalStateException("no console to look at", e);
                }
              });
    }
  }

  /** Where it listens. */
  String url() {
    return server.url();
  }

  /** The first key. */
  String key() {
    return server.key();
  }

  Yuntai yuntai() {
    return yuntai;
  }

  long pid() {
    return server.pid();
  }

  Chromium chromium() {
    return chromium;
  }

  /** Starts the server again, at the same address, after it was killed. */
  void again() throws IOException, InterruptedException {
    server = yuntai.upAgain(server, RealModels.SMOLLM2);
  }

  /** A window of somebody who has not signed in. */
  BrowserContext stranger(Look look) {
    return chromium.window(look, url(), "");
  }

  /** A window of the operator, who signs in by the link of the first start the first time. */
  BrowserContext operator(Look look) {
    if (operator.isEmpty()) {
      try (BrowserContext window = stranger(Look.PLAIN)) {
        Page page = window.newPage();
        firstSignIn(page);
        operator = window.storageState();
      }
    }
    return chromium.window(look, url(), operator);
  }

  /** From the printed link to the console. */
  void firstSignIn(Page page) {
    page.navigate(server.signIn());
    page.locator("input[name=email]").fill(EMAIL);
    page.locator("input[name=password]").fill(PASSWORD);
    page.keyboard().press("Enter");
    page.waitForURL(address -> address.contains("/console"));
  }

  @Override
  public void close() throws IOException {
    chromium.close();
    try {
      yuntai.down();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    yuntai.delete();
  }
}
