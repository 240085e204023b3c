package io.yuntai.console.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.console.testing.Browser;
import io.yuntai.console.testing.Browser.Reply;
import io.yuntai.console.testing.ConsoleServer;
import io.yuntai.console.testing.EchoUpstream;
import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.prices.PriceListCsv;
import io.yuntai.ledger.prices.PriceStore;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.tenancy.Tenancy;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A server whose model echoes, with tenants, prices and people; one for all tests of the pages of
 * work.
 */
final class WorkServer implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  /** 1,000 tokens at 2.5 and 250 at 10.000004 a million. */
  static final String COST = "0.005000001";

  private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");

  private final Path folder;
  private final EchoUpstream upstream;
  private final ConsoleServer server;
  private final Browser operator;
  private final Browser admin;
  private final Browser developer;

  private WorkServer() throws Exception {
    folder = Files.createTempDirectory("yuntai-work");
    upstream = EchoUpstream.start();
    server = ConsoleServer.start(folder, upstream.routes(), List.of());
    operator = server.operator();
    assertThat(operator.follow("/console").body()).contains("<h1>Now</h1>");
    for (String tenant :
        List.of("acme", "billed", "chatting", "followed", "keeping", "logged", "choosing")) {
      operator.get("/console/tenants");
      operator.post("/console/tenants", Map.of("name", tenant, "currency", "CNY"));
    }
    admin = member("acme", "admin@acme.example", "admin");
    developer = member("acme", "dev@acme.example", "developer");
    try (Database database = database()) {
      PriceStore prices = new PriceStore(database.dataSource(), new Actor("cli:tester", "local"));
      prices.draft(
          PriceListCsv.read(
              "list",
              IsoCurrency.of("CNY"),
              ZoneOffset.UTC,
              LONG_AGO,
              "model,input,output\necho,2.5,10.000004\n"),
          "");
      prices.publish("list", 1, LONG_AGO);
      for (String tenant : List.of("acme", "billed", "chatting", "followed")) {
        prices.agree(tenantId(database, tenant), "list", LONG_AGO, List.of());
      }
    }
  }

  /** Gives tests the one that there is. */
  static final class Shared implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(WorkServer.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == WorkServer.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(NAMESPACE)
          .computeIfAbsent(
              WorkServer.class,
              _ -> {
                try {
                  return new WorkServer();
                } catch (Exception e) {
                  throw new IllegalStateException("no server to look at", e);
                }
              });
    }
  }

  /** Where the server's home and what tests make lies. */
  Path folder() {
    return folder;
  }

  ConsoleServer server() {
    return server;
  }

  Browser operator() {
    return operator;
  }

  /** An admin of the tenant acme. */
  Browser admin() {
    return admin;
  }

  /** A developer of the tenant acme. */
  Browser developer() {
    return developer;
  }

  /** The server's own. */
  Database database() throws Exception {
    return Database.connect(folder.resolve("home")).orElseThrow();
  }

  static long tenantId(Database database, String name) {
    return new Tenancy(new Transactions(database.dataSource())).organisations().find(name).id();
  }

  Browser member(String tenant, String email, String role) throws Exception {
    String page = "/console/tenants/" + tenant;
    operator.get(page);
    operator.post(page, Map.of("do", "add", "email", email, "role", role));
    operator.get(page);
    Reply made = operator.post(page, Map.of("do", "link", "email", email));
    Matcher link = Pattern.compile("/sign-in#(yt-link-[A-Za-z0-9_-]+)").matcher(made.body());
    assertThat(link.find()).as(made.body()).isTrue();
    Browser browser = server.browser();
    browser.post(
        "/sign-in/link", Map.of("token", link.group(1), "password", "of glass and 19 reeds"));
    browser.follow("/console");
    return browser;
  }

  static String keyOf(Browser who, String tenant, Map<String, String> form) throws Exception {
    who.get("/console/develop?tenant=" + tenant);
    Reply made = who.post("/console/develop?tenant=" + tenant, form);
    Matcher key = Pattern.compile("id=\"made-key\">(yt-[A-Za-z0-9_-]+)<").matcher(made.body());
    assertThat(key.find()).as(made.body()).isTrue();
    return key.group(1);
  }

  /** Asks the model that echoes; the answer's status. */
  int ask(String key) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(server.base().resolve("/v1/chat/completions"))
                  .header("Authorization", "Bearer " + key)
                  .header("Content-Type", "application/json")
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          "{\"model\":\"echo\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      return answer.statusCode();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    upstream.close();
    List<Path> paths;
    try (Stream<Path> all = Files.walk(folder)) {
      paths = all.toList();
    }
    for (Path each : paths.reversed()) {
      Files.delete(each);
    }
  }
}
