package io.yuntai.server.api;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.responses.ResponseErrors;
import io.yuntai.dialect.responses.ResponseLists;
import io.yuntai.dialect.responses.ResponsesRequest;
import io.yuntai.dialect.responses.ResponsesRequests;
import io.yuntai.ledger.keys.Scope;
import io.yuntai.ledger.responses.ResponseStore;
import io.yuntai.ledger.responses.StoredResponse;
import io.yuntai.server.gateway.Principal;
import io.yuntai.server.http.Exchange;
import io.yuntai.server.http.Resource;
import io.yuntai.server.runs.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/** OpenAI's Responses API, below {@code /v1/responses}. */
final class ResponsesApi {
  private static final String ROOT = "/v1/responses";
  private static final int ID_BYTES = 24;

  private final Services services;
  private final ResponseStore store;
  private final EarlierTurns turns;
  private final BackgroundResponses background;
  private final SecureRandom random = new SecureRandom();

  ResponsesApi(Services services) {
    this.services = services;
    this.store = services.responses();
    this.turns = new EarlierTurns(store);
    this.background = new BackgroundResponses(services);
  }

  /** What is at a path; empty for nothing. */
  Optional<Resource> at(String path) {
    if (path.equals(ROOT)) {
      return Optional.of(Resource.post(this::create));
    }
    if (!path.startsWith(ROOT + "/")) {
      return Optional.empty();
    }
    String[] parts = path.substring(ROOT.length() + 1).split("/", -1);
    String id = parts[0];
    if (parts.length == 1 && id.equals("input_tokens")) {
      return Optional.of(Resource.post(this::count));
    }
    if (!id.startsWith("resp_") || parts.length > 2) {
      return Optional.empty();
    }
    if (parts.length == 1) {
      return Optional.of(
          Resource.empty()
              .andCounted("GET", exchange -> get(exchange, id))
              .and("DELETE", exchange -> delete(exchange, id)));
    }
    return switch (parts[1]) {
      case "input_items" -> Optional.of(Resource.get(exchange -> items(exchange, id)));
      case "cancel" -> Optional.of(Resource.post(exchange -> cancel(exchange, id)));
      default -> Optional.empty();
    };
  }

  private void create(Exchange exchange) throws ApiException, IOException, InterruptedException {
    Principal asker = services.callers().byBearer(exchange, Scope.GENERATE);
    services.answers().tellPlaces(exchange);
    String suffix = suffix();
    ResponsesRequest request = exchange.readJson(body -> ResponsesRequests.decode(body, suffix));
    ChatRequest chat = request.toChat(turns.before(request, asker.id()));
    ResponseFormat format =
        new ResponseFormat("resp_" + suffix, Instant.now(), asker.id(), request, store);
    try {
      answer(chat, asker, format, exchange);
    } catch (ApiException e) {
      throw new ApiException(ResponseErrors.inItsWords(e.error()));
    }
  }

  private void answer(ChatRequest chat, Principal asker, ResponseFormat format, Exchange exchange)
      throws ApiException, IOException, InterruptedException {
    ResponsesRequest request = format.request();
    if (request.background()) {
      Run run = background.start(chat, asker, format);
      exchange.header("x-yuntai-run", run.id());
      if (request.stream()) {
        RunReader.stream(run, 0, format.silence(), exchange);
      } else {
        exchange.json(200, format.begun());
      }
    } else {
      services.answers().generate(chat, asker, format, exchange);
    }
  }

  private String suffix() {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private void count(Exchange exchange) throws ApiException, IOException, InterruptedException {
    Principal asker = services.callers().byBearer(exchange, Scope.GENERATE);
    ResponsesRequest request = exchange.readJson(body -> ResponsesRequests.decode(body, "0"));
    long tokens =
        services.gateway().promptTokens(request.toChat(turns.before(request, asker.id())));
    exchange.json(200, ResponseLists.inputTokens(tokens));
  }

  private void get(Exchange exchange, String id)
      throws ApiException, IOException, InterruptedException {
    Principal asker = services.callers().byBearer(exchange, Scope.GENERATE);
    StoredResponse response = find(asker, id);
    if (exchange.query("stream").filter("true"::equals).isPresent()) {
      Run run = background.run(asker, id).orElseThrow(() -> noEvents(id));
      RunReader.stream(run, startingAfter(exchange), ResponseFormat.SILENCE, exchange);
    } else {
      exchange.json(200, bytes(background.asItStands(asker, response)));
    }
  }

  private static int startingAfter(Exchange exchange) throws ApiException {
    Optional<String> after = exchange.query("starting_after");
    if (after.isEmpty()) {
      return RunReader.from(exchange);
    }
    if (!after.get().matches("[0-9]{1,9}")) {
      throw new ApiException(
          ApiError.invalidField(
              "invalid_value",
              "starting_after",
              "Invalid 'starting_after': it is the sequence_number of the last event that came."));
    }
    return Integer.parseInt(after.get()) + 1;
  }

  private static ApiException noEvents(String id) {
    return new ApiException(
        ApiError.invalidField(
            "invalid_value",
            "stream",
            "The events of '%s' are not kept: only those of background responses are, for ten minutes after their end."
                .formatted(id)));
  }

  private void delete(Exchange exchange, String id) throws ApiException, IOException {
    Principal asker = services.callers().byBearer(exchange, Scope.GENERATE);
    find(asker, id);
    background.cancel(asker, id);
    store.delete(asker.id(), id);
    exchange.json(200, ResponseLists.deleted(id));
  }

  private void items(Exchange exchange, String id) throws ApiException, IOException {
    Principal asker = services.callers().byBearer(exchange, Scope.GENERATE);
    StoredResponse response = find(asker, id);
    exchange.json(
        200,
        ResponseLists.items(
            bytes(response.items()),
            exchange.query("limit"),
            exchange.query("order"),
            exchange.query("after")));
  }

  private void cancel(Exchange exchange, String id) throws ApiException, IOException {
    Principal asker = services.callers().byBearer(exchange, Scope.GENERATE);
    StoredResponse response = find(asker, id);
    if (!response.body().contains("\"background\":true")) {
      throw new ApiException(
          ApiError.invalidRequest(
              400,
              "invalid_request",
              "Only a response that was made with \"background\": true can be cancelled; close the connection of another."));
    }
    background.cancel(asker, id);
    exchange.json(200, bytes(background.asItStands(asker, find(asker, id))));
  }

  private StoredResponse find(Principal asker, String id) throws ApiException {
    Optional<StoredResponse> found = store.find(asker.id(), id);
    if (found.isEmpty()) {
      throw new ApiException(
          ApiError.invalidRequest(
              404, "response_not_found", "Response with id '%s' not found.".formatted(id)));
    }
    return found.get();
  }

  private static byte[] bytes(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }
}
