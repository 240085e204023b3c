package io.yuntai.server.api;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.json.JsonBytes;
import io.yuntai.server.http.Exchange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * A page of a list, as OpenAI's {@code limit}, {@code after} and {@code order} ask for it.
 *
 * @param items on the page
 * @param ids theirs
 * @param hasMore whether others follow
 */
record ListPage<T>(List<T> items, List<String> ids, boolean hasMore) {
  private static final int DEFAULT_LIMIT = 20;

  /**
   * Cuts the page out.
   *
   * @param newestFirst all that there is
   * @param limitMax largest {@code limit}
   * @throws ApiException 400 for a limit or an order that is none, or an unknown {@code after}
   */
  static <T> ListPage<T> of(
      List<T> newestFirst, Function<T, String> id, Exchange exchange, int limitMax)
      throws ApiException {
    List<T> all = new ArrayList<>(newestFirst);
    String order = exchange.query("order").orElse("desc");
    if (order.equals("asc")) {
      Collections.reverse(all);
    } else if (!order.equals("desc")) {
      throw invalid("order", "The order is 'asc' or 'desc', not '%s'.".formatted(order));
    }
    String limitText = exchange.query("limit").orElse(Integer.toString(DEFAULT_LIMIT));
    int limit = limitText.matches("[0-9]{1,6}") ? Integer.parseInt(limitText) : 0;
    if (limit < 1 || limit > limitMax) {
      throw invalid("limit", "The limit is 1 to %,d, not '%s'.".formatted(limitMax, limitText));
    }
    int from = 0;
    if (exchange.query("after").isPresent()) {
      String after = exchange.query("after").get();
      from = all.stream().map(id).toList().indexOf(after) + 1;
      if (from == 0) {
        throw invalid("after", "There is no '%s' in this list.".formatted(after));
      }
    }
    List<T> items = all.subList(from, Math.min(all.size(), from + limit));
    return new ListPage<>(items, items.stream().map(id).toList(), from + items.size() < all.size());
  }

  private static ApiException invalid(String field, String sentence) {
    return new ApiException(ApiError.invalidField("invalid_value", field, sentence));
  }

  /** The page as OpenAI's lists are. */
  byte[] json(Function<T, byte[]> item) {
    JsonBytes out = new JsonBytes(256).raw("{\"object\":\"list\",\"data\":[");
    for (int i = 0; i < items.size(); i++) {
      out.raw(i == 0 ? "" : ",").raw(item.apply(items.get(i)));
    }
    out.raw("],\"first_id\":").value(ids.isEmpty() ? null : ids.getFirst());
    out.raw(",\"last_id\":").value(ids.isEmpty() ? null : ids.getLast());
    return out.raw(",\"has_more\":").raw(hasMore ? "true}" : "false}").toBytes();
  }
}
