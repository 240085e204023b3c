package io.yuntai.console.testing;

import io.yuntai.console.YuntaiConsole;
import io.yuntai.engine.LoadOptions;
import io.yuntai.server.HomeDirectory;
import io.yuntai.server.ServerOptions;
import io.yuntai.server.ServerState;
import io.yuntai.server.StartEvent;
import io.yuntai.server.YuntaiServer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A whole server without a model, on a free port, with its console. */
public final class ConsoleServer implements AutoCloseable {
  /** The operator's password. */
  public static final String PASSWORD = "a quiet river 27 stones";

  /** The operator. */
  public static final String OPERATOR = "li@example.com";

  private static final String ROUTES =
      """
      [upstreams.nowhere]
      kind = "openai-compatible"
      url = "http://127.0.0.1:9/v1"

      [routes.echo]
      [[routes.echo.targets]]
      upstream = "nowhere"
      model = "echo"
      """;

  private final YuntaiServer server;
  private final URI base;
  private final String ownerLink;

  private ConsoleServer(YuntaiServer server, URI base, String ownerLink) {
    this.server = server;
    this.base = base;
    this.ownerLink = ownerLink;
  }

  /** Starts one in an empty folder. */
  public static ConsoleServer start(Path home) throws Exception {
    return start(home, ROUTES, List.of());
  }

  /**
   * Starts one, perhaps again.
   *
   * @param routes of its configuration
   * @param models that it serves itself: paths of files
   */
  public static ConsoleServer start(Path home, String routes, List<String> models)
      throws Exception {
    Path config = home.resolve("yuntai.toml");
    Files.writeString(config, routes);
    HomeDirectory directory = new HomeDirectory(home.resolve("home"));
    ServerOptions options =
        new ServerOptions(
            directory,
            "127.0.0.1",
            0,
            true,
            models,
            Optional.of(config),
            LoadOptions.DEFAULTS,
            false,
            0,
            "off");
    AtomicReference<String> link = new AtomicReference<>("");
    YuntaiServer server =
        YuntaiServer.start(
            options,
            Map.of(),
            new YuntaiConsole(),
            event -> {
              if (event instanceof StartEvent.FirstOwner(String url)) {
                link.set(url);
              }
            });
    URI base = URI.create(ServerState.find(directory).orElseThrow().url());
    return new ConsoleServer(server, base, link.get());
  }

  /** The address of the link that lets the first owner in. */
  public String ownerLink() {
    return ownerLink;
  }

  /** Where it is. */
  public URI base() {
    return base;
  }

  /** Somebody's browser, where nobody is signed in. */
  public Browser browser() {
    return new Browser(base);
  }

  /** The browser of the operator, who uses the first link where nobody did. */
  public Browser operator() throws Exception {
    return operator(base, ownerLink);
  }

  /** The browser of the operator of a server, who uses its first link where there is one. */
  public static Browser operator(URI base, String ownerLink) throws Exception {
    Browser browser = new Browser(base);
    boolean used = false;
    if (!ownerLink.isEmpty()) {
      used =
          browser
                  .post(
                      "/sign-in/link",
                      Map.of(
                          "token",
                          ownerLink.substring(ownerLink.indexOf('#') + 1),
                          "email",
                          OPERATOR,
                          "name",
                          "Li",
                          "password",
                          PASSWORD))
                  .status()
              == 303;
    }
    if (!used) {
      browser.signIn(OPERATOR, PASSWORD);
    }
    return browser;
  }

  @Override
  public void close() {
    server.close();
  }
}
