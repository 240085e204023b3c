package io.yuntai.cli.routes;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.cli.terminal.Units;
import io.yuntai.dialect.openai.OpenAiErrors;
import io.yuntai.server.ServerState;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code yuntai routes test}. */
@Command(
    name = "test",
    description = "Send one small request through a running server to a route, and time it.")
final class RouteTest implements Callable<Integer> {
  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Parameters(paramLabel = "NAME", description = "The route.")
  private String name = "";

  RouteTest(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    ServerState state =
        ServerState.find(home.directory(context.environment()))
            .orElseThrow(() ->
                new CommandException(
                    ExitCode.UNREACHABLE, "No server is running; 'yuntai up' starts one."));
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("model", name);
    body.put("max_tokens", 16);
    body.put("messages", List.of(Map.of("role", "user", "content", "Say hello.")));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(state.url() + "/v1/chat/completions"))
            .timeout(Duration.ofMinutes(2))
            .header("Authorization", "Bearer " + state.operatorToken())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(Json.text(body)))
            .build();
    long start = System.nanoTime();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<byte[]> answer = client.send(request, BodyHandlers.ofByteArray());
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      if (answer.statusCode() != 200) {
        throw new CommandException(
            ExitCode.FAILED,
            "The route %s does not answer (HTTP %d): %s"
                .formatted(
                    name,
                    answer.statusCode(),
                    OpenAiErrors.decode(answer.statusCode(), answer.body()).message()));
      }
      context.screen().result(context.text("routes.answers", name, Units.duration(took)));
      return ExitCode.OK.number();
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.UNREACHABLE, "The server at %s does not answer: %s".formatted(state.url(), e));
    }
  }
}
