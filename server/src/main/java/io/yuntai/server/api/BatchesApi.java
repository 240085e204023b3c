package io.yuntai.server.api;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.json.Fields;
import io.yuntai.dialect.json.JsonBody;
import io.yuntai.dialect.json.JsonBytes;
import io.yuntai.dialect.openai.OpenAiErrors;
import io.yuntai.ledger.keys.Scope;
import io.yuntai.server.batches.Batch;
import io.yuntai.server.batches.BatchRunner;
import io.yuntai.server.gateway.Principal;
import io.yuntai.server.http.Api;
import io.yuntai.server.http.Exchange;
import io.yuntai.server.http.Resource;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** OpenAI's batches: {@code /v1/batches}, {@code /v1/batches/ID}, {@code .../ID/cancel}. */
final class BatchesApi implements Api {
  private static final String ROOT = "/v1/batches";
  private static final int METADATA_MAX = 16;

  private final Callers callers;
  private final BatchRunner batches;

  BatchesApi(Services services, BatchRunner batches) {
    this.callers = services.callers();
    this.batches = batches;
  }

  @Override
  public boolean owns(String path) {
    return path.equals(ROOT) || path.startsWith(ROOT + "/");
  }

  @Override
  public Optional<Resource> at(String path) {
    if (path.equals(ROOT)) {
      return Optional.of(Resource.get(this::list).andCounted("POST", this::create));
    }
    String[] parts = path.substring(ROOT.length() + 1).split("/", -1);
    if (parts.length == 1 && !parts[0].isEmpty()) {
      return Optional.of(
          Resource.get(exchange -> exchange.json(200, json(batch(exchange, parts[0])))));
    }
    return parts.length == 2 && parts[1].equals("cancel")
        ? Optional.of(
            Resource.post(
                exchange -> exchange.json(200, json(batches.cancel(batch(exchange, parts[0]))))))
        : Optional.empty();
  }

  @Override
  public ErrorReply error(ApiError error, String requestId) {
    return new ErrorReply(error.status(), OpenAiErrors.encode(error));
  }

  private Batch batch(Exchange exchange, String id) throws ApiException {
    Principal asker = callers.byBearer(exchange, Scope.FILES);
    return batches
        .find(asker.id(), id)
        .orElseThrow(() ->
            new ApiException(
                ApiError.invalidRequest(404, "not_found", "No batch found with id '" + id + "'.")));
  }

  /** What a batch is asked for with. */
  private record Order(String endpoint, String inputFile, Map<String, String> metadata) {
    static Order decode(byte[] body) throws ApiException {
      Fields fields = new Fields(JsonBody.parse(body), "");
      String inputFile = fields.requiredText("input_file_id", 128);
      String endpoint = fields.requiredText("endpoint", 128);
      String window = fields.requiredText("completion_window", 16);
      if (!window.equals("24h")) {
        throw new ApiException(
            ApiError.invalidField(
                "invalid_value",
                "completion_window",
                "The window is '24h', not '" + window + "'."));
      }
      Map<String, String> metadata = new LinkedHashMap<>();
      JsonNode node = fields.node("metadata");
      if (node != null) {
        if (!node.isObject() || node.size() > METADATA_MAX) {
          throw new ApiException(
              ApiError.invalidField(
                  "invalid_value",
                  "metadata",
                  "Metadata are an object of at most %d texts.".formatted(METADATA_MAX)));
        }
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
          String path = "metadata." + entry.getKey();
          metadata.put(entry.getKey(), Fields.text(entry.getValue(), path, 512));
        }
      }
      return new Order(endpoint, inputFile, metadata);
    }
  }

  private void create(Exchange exchange) throws ApiException, IOException, InterruptedException {
    Principal asker = callers.byBearer(exchange, Scope.FILES);
    Order order = exchange.readJson(Order::decode);
    exchange.json(
        200, json(batches.create(asker, order.endpoint(), order.inputFile(), order.metadata())));
  }

  private void list(Exchange exchange) throws ApiException, IOException {
    Principal asker = callers.byBearer(exchange, Scope.FILES);
    ListPage<Batch> page = ListPage.of(batches.list(asker.id()), Batch::id, exchange, 100);
    exchange.json(200, page.json(BatchesApi::json));
  }

  /** What is not known yet is left out, as OpenAI's document has it. */
  private static byte[] json(Batch batch) {
    JsonBytes out = new JsonBytes(1024).raw("{\"id\":").text(batch.id());
    out.raw(",\"object\":\"batch\",\"endpoint\":").text(batch.endpoint());
    faults(batch, out);
    out.raw(",\"input_file_id\":").text(batch.inputFile());
    out.raw(",\"completion_window\":\"24h\",\"status\":")
        .text(batch.status().name().toLowerCase(Locale.ROOT));
    known(out, "output_file_id", batch.outputFile());
    known(out, "error_file_id", batch.errorFile());
    out.raw(",\"created_at\":").number(batch.createdAt());
    known(out, "in_progress_at", batch.startedAt());
    out.raw(",\"expires_at\":").number(batch.expiresAt());
    known(out, "finalizing_at", batch.finalizingAt());
    known(out, "cancelling_at", batch.cancellingAt());
    if (batch.status().isLast()) {
      known(out, batch.status().name().toLowerCase(Locale.ROOT) + "_at", batch.endedAt());
    }
    out.raw(",\"request_counts\":{\"total\":").number(batch.counts().total());
    out.raw(",\"completed\":").number(batch.counts().completed());
    out.raw(",\"failed\":").number(batch.counts().failed());
    return out.raw("},\"metadata\":").value(batch.metadata()).raw("}").toBytes();
  }

  private static void known(JsonBytes out, String name, @Nullable Object value) {
    if (value != null) {
      out.raw(",\"" + name + "\":").value(value);
    }
  }

  private static void faults(Batch batch, JsonBytes out) {
    if (batch.faults().isEmpty()) {
      return;
    }
    out.raw(",\"errors\":{\"object\":\"list\",\"data\":[");
    for (int i = 0; i < batch.faults().size(); i++) {
      Batch.Fault fault = batch.faults().get(i);
      out.raw(i == 0 ? "" : ",").raw("{\"code\":").text(fault.code());
      out.raw(",\"message\":").text(fault.message());
      out.raw(",\"param\":null,\"line\":").value(fault.line()).raw("}");
    }
    out.raw("]}");
  }
}
