package io.yuntai.server.api;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.json.JsonBytes;
import io.yuntai.dialect.openai.OpenAiErrors;
import io.yuntai.server.gateway.Principal;
import io.yuntai.server.http.Api;
import io.yuntai.server.http.Exchange;
import io.yuntai.server.http.Resource;
import io.yuntai.server.runs.Run;
import io.yuntai.server.runs.Runs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * Runs by their ids: {@code GET} and {@code DELETE /v1/runs/ID}, {@code GET /v1/runs/ID/events} for
 * a stream, {@code GET /v1/runs/ID/answer} for a whole answer.
 */
final class RunsApi implements Api {
  private static final String RUNS = "/v1/runs/";

  private static final Exchange.Silence KEEP_ALIVE =
      () -> ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);

  private final Callers callers;
  private final Runs runs;

  RunsApi(Services services) {
    this.callers = services.callers();
    this.runs = services.runs();
  }

  @Override
  public boolean owns(String path) {
    return path.startsWith(RUNS);
  }

  @Override
  public Optional<Resource> at(String path) {
    String[] parts = path.substring(RUNS.length()).split("/", -1);
    if (parts[0].isEmpty() || parts.length > 2) {
      return Optional.empty();
    }
    String id = parts[0];
    if (parts.length == 1) {
      return Optional.of(
          Resource.get(exchange -> exchange.json(200, json(run(exchange, id))))
              .and("DELETE", exchange -> delete(exchange, id)));
    }
    return switch (parts[1]) {
      case "events" ->
          Optional.of(Resource.empty().andCounted("GET", exchange -> events(exchange, id)));
      case "answer" ->
          Optional.of(Resource.empty().andCounted("GET", exchange -> answer(exchange, id)));
      default -> Optional.empty();
    };
  }

  @Override
  public ErrorReply error(ApiError error, String requestId) {
    return new ErrorReply(error.status(), OpenAiErrors.encode(error));
  }

  private Run run(Exchange exchange, String id) throws ApiException {
    Principal asker = callers.byBearer(exchange);
    return runs.find(asker.id(), id);
  }

  private void delete(Exchange exchange, String id) throws ApiException, IOException {
    Run run = run(exchange, id);
    runs.delete(run);
    exchange.json(
        200,
        new JsonBytes(64)
            .raw("{\"id\":")
            .text(run.id())
            .raw(",\"object\":\"run.deleted\",\"deleted\":true}")
            .toBytes());
  }

  private void events(Exchange exchange, String id)
      throws ApiException, IOException, InterruptedException {
    Run run = run(exchange, id);
    if (!run.isStream()) {
      throw wrongKind("This run makes a whole answer; get it from '/v1/runs/%s/answer'.", run);
    }
    RunReader.stream(run, RunReader.from(exchange), KEEP_ALIVE, exchange);
  }

  private void answer(Exchange exchange, String id)
      throws ApiException, IOException, InterruptedException {
    Run run = run(exchange, id);
    if (run.isStream()) {
      throw wrongKind("This run is a stream; read it from '/v1/runs/%s/events'.", run);
    }
    RunReader.whole(run, exchange);
  }

  private static ApiException wrongKind(String sentence, Run run) {
    return new ApiException(
        ApiError.invalidRequest(400, "wrong_kind_of_run", sentence.formatted(run.id())));
  }

  private static byte[] json(Run run) {
    JsonBytes out = new JsonBytes(256).raw("{\"id\":").text(run.id());
    out.raw(",\"object\":\"run\",\"status\":").text(run.status().name().toLowerCase(Locale.ROOT));
    out.raw(",\"created_at\":").number(run.created().getEpochSecond());
    out.raw(",\"model\":").text(run.model());
    out.raw(",\"stream\":").raw(run.isStream() ? "true" : "false");
    out.raw(",\"events\":").number(run.size());
    out.raw(",\"error\":");
    run.error().ifPresentOrElse(error -> out.raw(OpenAiErrors.value(error)), () -> out.raw("null"));
    out.raw("}");
    return out.toBytes();
  }
}
