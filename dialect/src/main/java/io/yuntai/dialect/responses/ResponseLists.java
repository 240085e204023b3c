package io.yuntai.dialect.responses;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.json.JsonBody;
import io.yuntai.dialect.json.JsonBytes;
import io.yuntai.dialect.json.PlainJson;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The smaller answers of the API. */
public final class ResponseLists {
  private static final int DEFAULT_LIMIT = 20;
  private static final int MAX_LIMIT = 100;

  private ResponseLists() {}

  /** How many tokens a request takes. */
  public static byte[] inputTokens(long tokens) {
    return new JsonBytes(64)
        .raw("{\"object\":\"response.input_tokens\",\"input_tokens\":")
        .number(tokens)
        .raw("}")
        .toBytes();
  }

  /** A response was deleted. */
  public static byte[] deleted(String id) {
    return new JsonBytes(96)
        .raw("{\"id\":")
        .text(id)
        .raw(",\"object\":\"response\",\"deleted\":true}")
        .toBytes();
  }

  /**
   * A page of items.
   *
   * @param items a JSON array
   * @param limit most items, 1 to 100
   * @param order {@code asc} or {@code desc}, which is the default
   * @param after the item behind which the page begins
   * @throws ApiException 400 for a parameter that means nothing
   */
  public static byte[] items(
      byte[] items, Optional<String> limit, Optional<String> order, Optional<String> after)
      throws ApiException {
    int most = limit(limit.orElse(Integer.toString(DEFAULT_LIMIT)));
    List<JsonNode> all = new ArrayList<>();
    JsonBody.parse(new JsonBytes(items.length + 8).raw("{\"i\":").raw(items).raw("}").toBytes())
        .get("i")
        .values()
        .forEach(all::add);
    switch (order.orElse("desc")) {
      case "asc" -> {}
      case "desc" -> Collections.reverse(all);
      default -> throw wrong("order", "'asc' and 'desc'");
    }
    int from = 0;
    if (after.isPresent()) {
      while (from < all.size() && !id(all.get(from)).equals(after.get())) {
        from++;
      }
      if (from == all.size()) {
        throw wrong("after", "ids of items of this response");
      }
      from++;
    }
    List<JsonNode> page = all.subList(from, Math.min(all.size(), from + most));
    JsonBytes out = new JsonBytes(1024).raw("{\"object\":\"list\",\"data\":[");
    for (int i = 0; i < page.size(); i++) {
      out.raw(i == 0 ? "" : ",").value(PlainJson.exact(page.get(i)));
    }
    out.raw("],\"first_id\":").value(page.isEmpty() ? null : id(page.getFirst()));
    out.raw(",\"last_id\":").value(page.isEmpty() ? null : id(page.getLast()));
    out.raw(",\"has_more\":").raw(from + page.size() < all.size() ? "true}" : "false}");
    return out.toBytes();
  }

  private static String id(JsonNode item) {
    JsonNode id = item.get("id");
    return id != null && id.isString() ? id.stringValue() : "";
  }

  private static int limit(String text) throws ApiException {
    int limit = text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : 0;
    if (limit < 1 || limit > MAX_LIMIT) {
      throw wrong("limit", "1 to " + MAX_LIMIT);
    }
    return limit;
  }

  private static ApiException wrong(String name, String supported) {
    return new ApiException(
        ApiError.invalidField(
            "invalid_value",
            name,
            "Invalid value for '%s'. Supported values are: %s.".formatted(name, supported)));
  }
}
