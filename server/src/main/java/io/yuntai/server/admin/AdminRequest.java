package io.yuntai.server.admin;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.json.Fields;
import io.yuntai.ledger.tenancy.ExpectedVersion;
import io.yuntai.ledger.tenancy.PageRequest;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.ledger.tenancy.RefusedException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A request to the admin API.
 *
 * @param caller who asks
 * @param exchange for its query and headers
 * @param names what stands in the path's places
 * @param body the fields of its body; of none where it has none
 */
record AdminRequest(AdminCaller caller, Envelope exchange, Map<String, String> names, Fields body) {
  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_TEXT = 1000;
  private static final int MAX_LIST = 1000;

  /** What stands in a place of the path. */
  String name(String place) {
    return names.getOrDefault(place, "");
  }

  /**
   * Lets through who may, in the tenant that the path names.
   *
   * @throws RefusedException who may not
   */
  void require(Permission permission) {
    caller.require(permission, name("tenant"));
  }

  /** Which part of a list is asked for. */
  PageRequest page() throws ApiException {
    String limit = exchange.query("limit").orElse(Integer.toString(DEFAULT_LIMIT));
    if (!limit.matches("[0-9]{1,6}")) {
      throw RefusedException.invalid(
          "limit", "The limit is a number, not '%s'.".formatted(cut(limit)));
    }
    return new PageRequest(exchange.query("cursor"), Integer.parseInt(limit));
  }

  /** The version that the sender has read, as {@code If-Match} says it. */
  ExpectedVersion expected() throws ApiException {
    Optional<String> match = exchange.requestHeader("If-Match").map(String::strip);
    if (match.isEmpty() || match.get().equals("*")) {
      return ExpectedVersion.ANY;
    }
    if (!match.get().matches("\"v[0-9]{1,18}\"")) {
      throw new ApiException(
          ApiError.invalidRequest(
              412, "changed", "The If-Match header is not an ETag that was given here."));
    }
    return ExpectedVersion.of(Long.parseLong(match.get().substring(2, match.get().length() - 1)));
  }

  /** A text that must be there. */
  String text(String field) throws ApiException {
    return body.requiredText(field, MAX_TEXT);
  }

  /** A text that may be left out or null. */
  Optional<String> optionalText(String field) throws ApiException {
    return body.text(field, MAX_TEXT);
  }

  /** Whether the body says anything of a field, be it null. */
  boolean has(String field) {
    return body.has(field);
  }

  /** A list of texts; null where it is left out, empty where it is null. */
  @Nullable List<String> texts(String field) throws ApiException {
    if (!has(field)) {
      return null;
    }
    JsonNode node = body.node(field);
    if (node == null) {
      return List.of();
    }
    Fields.requireArray(node, body.pathOf(field), MAX_LIST);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      texts.add(Fields.text(node.get(i), body.pathOf(field) + "[" + i + "]", MAX_TEXT));
    }
    return texts;
  }

  /** A truth that may be left out; null then. */
  @Nullable Boolean flag(String field) throws ApiException {
    return body.node(field) == null ? null : (Boolean) body.flag(field);
  }

  /** A point in time that may be left out or null; null then. */
  @Nullable Instant time(String field) throws ApiException {
    Optional<String> text = optionalText(field);
    return text.isEmpty() ? null : time(field, text.get());
  }

  /** A point in time of the query. */
  Optional<Instant> queryTime(String name) throws ApiException {
    Optional<String> text = exchange.query(name);
    return text.isEmpty() ? Optional.empty() : Optional.of(time(name, text.get()));
  }

  private static Instant time(String field, String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw RefusedException.invalid(
          field, "'%s' is no time: write one such as 2027-01-31T00:00:00Z.".formatted(cut(text)));
    }
  }

  private static String cut(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "...";
  }
}
