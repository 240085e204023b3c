package io.yuntai.server.admin;

import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.requests.LoggedRequest;
import io.yuntai.ledger.requests.LoggedRequest.Stages;
import io.yuntai.ledger.requests.RequestRow;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Requests as the admin API shows them; what there is none of is null. */
public final class RequestViews {
  private RequestViews() {}

  /** What became of a request. */
  public static ObjectNode request(RequestRow row) {
    LoggedRequest request = row.request();
    ObjectNode node =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", request.requestId())
            .put("at", request.at().toString())
            .put("tenant", text(row.tenant()))
            .put("project", text(row.project()))
            .put("key", text(row.key()))
            .put("key_name", text(row.keyName()))
            .put("user", text(row.user()))
            .put("client", text(request.asker().client()))
            .put("dialect", request.asked().dialect())
            .put("operation", text(request.asked().operation()))
            .put("model", text(request.asked().model()))
            .put("stream", request.asked().streamed())
            .put("trace", text(request.asked().traceId()))
            .put("served_model", text(request.served().model()))
            .put("route", text(request.served().route()))
            .put("target", text(request.served().target()));
    ArrayNode attempts = node.putArray("attempts");
    request
        .served()
        .attempts()
        .forEach(attempt ->
            attempts
                .addObject()
                .put("target", attempt.target())
                .put("outcome", attempt.outcome())
                .put("micros", attempt.micros()));
    node.put("status", request.outcome().status())
        .put("error", text(request.outcome().errorCode()))
        .put("finish", text(request.outcome().finish()));
    stages(node.putObject("micros"), request.stages());
    tokens(node.putObject("tokens"), request.tokens());
    return node.put("amount", row.amount().toPlainString())
        .put("currency", text(row.currency()))
        .put("price_book", text(row.priceBook()))
        .put(
            "usage_id",
            request.cost().usageId() == null ? null : request.cost().usageId().toString())
        .put("entry", row.entry().isPresent() ? (Long) row.entry().getAsLong() : null);
  }

  private static void stages(ObjectNode node, Stages stages) {
    micros(node, "auth", stages.auth());
    micros(node, "prepare", stages.prepare());
    micros(node, "hold", stages.hold());
    micros(node, "queue", stages.queue());
    micros(node, "prefill", stages.prefill());
    micros(node, "first_token", stages.firstToken());
    micros(node, "decode", stages.decode());
    micros(node, "settle", stages.settle());
    micros(node, "total", stages.total());
  }

  private static void micros(ObjectNode node, String stage, long micros) {
    node.put(stage, micros == Stages.NONE ? null : (Long) micros);
  }

  private static void tokens(ObjectNode node, MeteredTokens tokens) {
    node.put("input", tokens.input())
        .put("cache_hit", tokens.cacheHit())
        .put("cache_write", tokens.cacheWrite())
        .put("output", tokens.output())
        .put("reasoning", tokens.reasoning());
  }

  private static @Nullable String text(String text) {
    return text.isEmpty() ? null : text;
  }
}
