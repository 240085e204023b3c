package io.yuntai.acceptance.browser;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import io.yuntai.acceptance.RealModels;
import io.yuntai.acceptance.Yuntai;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import tools.jackson.databind.json.JsonMapper;

/**
 * A server with a model, a browser, and the operator signed in by the link of the first start; one
 * for all tests of a run. Tests run one after the other.
 */
final class Console implements AutoCloseable {
  /** The operator's. */
  static final String EMAIL = "operator@example.com";

  /** As long as rules of passwords want it. */
  static final String PASSWORD = "correct horse battery staple 云台";

  /** The first answers unless another is chosen; the second one writes code. */
  private static final String[] MODELS = {RealModels.SMOLLM2, RealModels.QWEN};

  private final Yuntai yuntai;
  private Yuntai.Server server;
  private final Chromium chromium;
  private String operator = "";
  private final Map<String, String> members = new HashMap<>();

  private Console() throws Exception {
    yuntai = Yuntai.withModels(MODELS);
    server = yuntai.up(MODELS);
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
    server = yuntai.upAgain(server, MODELS);
  }

  /** A window of somebody who has not signed in. */
  BrowserContext stranger(Look look) {
    return chromium.window(look, url(), "");
  }

  /** A window of the operator, who signs in by the link of the first start the first time. */
  BrowserContext operator(Look look) {
    return operatorAt(url(), look);
  }

  /** The same at another address of the server. */
  BrowserContext operatorAt(String url, Look look) {
    if (operator.isEmpty()) {
      try (BrowserContext window = stranger(Look.PLAIN)) {
        Page page = window.newPage();
        firstSignIn(page);
        operator = window.storageState();
      }
    }
    return chromium.window(look, url, operator);
  }

  /**
   * A window of somebody who was added to a tenant, and let in by a link.
   *
   * @param role of the person
   */
  BrowserContext member(String tenant, String role, Look look) throws Exception {
    String email = role + "@" + tenant + ".example";
    String state = members.get(email);
    if (state == null) {
      yuntai.result("members", "add", email, "--tenant", tenant, "--role", role);
      try (BrowserContext window = stranger(Look.PLAIN)) {
        Page page = window.newPage();
        page.navigate(link(tenant, email));
        page.locator("input[name=password]").fill(PASSWORD);
        page.keyboard().press("Enter");
        page.waitForURL(address -> address.contains("/console"));
        state = window.storageState();
      }
      members.put(email, state);
    }
    return chromium.window(look, url(), state);
  }

  /** An address that lets a member in once. */
  String link(String tenant, String email) throws Exception {
    String told =
        yuntai.result("members", "link", email, "--tenant", tenant, "--url", url(), "--json");
    return JsonMapper.shared().readTree(told).path("url").asString();
  }

  /** From the printed link to the console. */
  void firstSignIn(Page page) {
    signIn(page, server.signIn());
  }

  /** The same by any server's link of its first start. */
  static void signIn(Page page, String link) {
    page.navigate(link);
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
