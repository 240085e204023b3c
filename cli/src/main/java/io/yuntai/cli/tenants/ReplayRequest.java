package io.yuntai.cli.tenants;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.cli.terminal.Table;
import io.yuntai.ledger.requests.LoggedRequest.Stages;
import io.yuntai.ledger.requests.RequestLog;
import io.yuntai.ledger.requests.RequestRow;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.texts.KeptText;
import io.yuntai.server.ServerState;
import io.yuntai.server.admin.AdminServices;
import io.yuntai.server.admin.RequestViews;
import io.yuntai.server.texts.KeptAnswer;
import io.yuntai.server.texts.WordDiff;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code requests replay}. */
@Command(
    name = "replay",
    description = {
      "Ask a request again, with its words, parameters and seed, and show how the answers differ.",
      "Its tenant must keep texts. The new request is billed to the key of YUNTAI_API_KEY;"
          + " without one it is asked by this machine's operator, for nothing."
    })
final class ReplayRequest implements Callable<Integer> {
  private static final Duration ANSWER_MOST = Duration.ofMinutes(30);
  private static final Duration LOGGED_WITHIN = Duration.ofSeconds(10);

  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Parameters(paramLabel = "ID", description = "What the answer's x-request-id said.")
  private String id = "";

  @Option(names = "--model", paramLabel = "NAME", description = "Ask this model instead.")
  private @Nullable String model;

  @Option(names = "--json", description = "Print both requests and answers as JSON.")
  private boolean json;

  ReplayRequest(CliContext context) {
    this.context = context;
  }

  private record Answered(String requestId, String text) {}

  @Override
  public Integer call() {
    return LocalTenants.with(context, home, this::replay);
  }

  private int replay(AdminServices services) {
    RequestRow old =
        services.requests().find(id).orElseThrow(() -> RefusedException.notFound("request", id));
    KeptText text = text(services, old);
    Answered answered = ask(text);
    Optional<RequestRow> now =
        RequestLog.soon(LOGGED_WITHIN, () -> services.requests().find(answered.requestId()));
    String before = KeptAnswer.plain(KeptAnswer.of(text));
    if (json) {
      Map<String, Object> told = new LinkedHashMap<>();
      told.put("same", before.equals(answered.text()));
      told.put("old", RequestViews.request(old));
      told.put("new", now.map(RequestViews::request).orElse(null));
      told.put("old_answer", before);
      told.put("new_answer", answered.text());
      context.screen().result(Json.text(told));
      return ExitCode.OK.number();
    }
    facts(old, now);
    context.screen().result("");
    context
        .screen()
        .result(
            before.equals(answered.text())
                ? "The answers are the same, word for word:\n\n" + before
                : diff(before, answered.text()));
    return ExitCode.OK.number();
  }

  private KeptText text(AdminServices services, RequestRow row) {
    if (row.tenant().isEmpty()) {
      throw new CommandException(
          ExitCode.NOT_FOUND, "Nobody known asked the request " + id + ": its text is not kept.");
    }
    Organisation org = services.tenancy().organisations().find(row.tenant());
    return services
        .texts()
        .find(org, 0, id)
        .filter(text -> !text.continued())
        .orElseThrow(() ->
            new CommandException(
                ExitCode.NOT_FOUND,
                "The text of the request %s is not kept: the tenant %s keeps texts of its keys' requests for %d days. Its admin may change that in the console, under Tenants, Terms."
                    .formatted(id, row.tenant(), services.texts().keeping(org).days())));
  }

  private Answered ask(KeptText text) {
    ServerState server =
        ServerState.find(home.directory(context.environment()))
            .orElseThrow(() ->
                new CommandException(
                    ExitCode.UNREACHABLE,
                    "No server of this home runs: start one with 'yuntai up'."));
    boolean chat = text.operation().equals("chat");
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(server.url() + (chat ? "/v1/chat/completions" : "/v1/completions")))
            .timeout(ANSWER_MOST)
            .header(
                "Authorization",
                "Bearer "
                    + context.environment().getOrDefault("YUNTAI_API_KEY", server.operatorToken()))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body(text)))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      JsonNode node = Json.read(answer.body(), JsonNode.class, "The server's answer");
      if (answer.statusCode() != 200) {
        throw new CommandException(
            ExitCode.FAILED,
            node.path("error").path("message").asString("HTTP " + answer.statusCode()));
      }
      return new Answered(
          answer.headers().firstValue("x-request-id").orElse(""),
          KeptAnswer.plain(answers(node, chat)));
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.UNREACHABLE, "The server at " + server.url() + " does not answer: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException(ExitCode.INTERRUPTED, "Interrupted.", e);
    }
  }

  private String body(KeptText text) {
    ObjectNode body = Json.read(text.asked(), ObjectNode.class, "The kept request");
    body.remove("stream");
    body.remove("stream_options");
    if (model != null) {
      body.put("model", model);
    }
    return Json.text(body);
  }

  private static List<KeptAnswer> answers(JsonNode answer, boolean chat) {
    List<KeptAnswer> answers = new ArrayList<>();
    for (JsonNode choice : answer.path("choices")) {
      JsonNode message = choice.path("message");
      List<KeptAnswer.Call> calls = new ArrayList<>();
      for (JsonNode call : message.path("tool_calls")) {
        calls.add(
            new KeptAnswer.Call(
                call.path("function").path("name").asString(""),
                call.path("function").path("arguments").asString("")));
      }
      answers.add(
          new KeptAnswer(
              (chat ? message.path("content") : choice.path("text")).asString(""),
              message.path("reasoning_content").asString(""),
              calls));
    }
    return answers;
  }

  private void facts(RequestRow old, Optional<RequestRow> now) {
    Table table = new Table(context.screen(), "", "BEFORE", "NOW");
    row(table, "request", old, now, row -> row.request().requestId());
    row(table, "at", old, now, row -> row.request().at().toString());
    row(table, "model", old, now, row -> row.request().asked().model());
    row(table, "finish", old, now, row -> row.request().outcome().finish());
    row(
        table,
        "tokens",
        old,
        now,
        row -> row.request().tokens().inputLength() + " + " + row.request().tokens().generated());
    row(table, "cached", old, now, row -> Long.toString(row.request().tokens().cacheHit()));
    row(table, "first token", old, now, row -> seconds(row.request().stages().firstToken()));
    row(table, "total", old, now, row -> seconds(row.request().stages().total()));
    row(
        table,
        "amount",
        old,
        now,
        row -> (row.amount().stripTrailingZeros().toPlainString() + " " + row.currency()).strip());
    table.print();
  }

  private static void row(
      Table table,
      String name,
      RequestRow old,
      Optional<RequestRow> now,
      Function<RequestRow, String> fact) {
    table.row(name, fact.apply(old), now.map(fact).orElse("-"));
  }

  private static String seconds(long micros) {
    return micros == Stages.NONE ? "-" : String.format(Locale.ROOT, "%.3f s", micros / 1e6);
  }

  /** As {@code git diff --word-diff} writes it. */
  private static String diff(String old, String other) {
    return WordDiff.of(old, other).stream()
        .map(piece ->
            switch (piece.kind()) {
              case SAME -> piece.text();
              case GONE -> "[-" + piece.text() + "-]";
              case NEW -> "{+" + piece.text() + "+}";
            })
        .collect(Collectors.joining());
  }
}
