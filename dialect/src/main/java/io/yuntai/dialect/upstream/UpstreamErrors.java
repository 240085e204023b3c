package io.yuntai.dialect.upstream;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.json.JsonBody;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads errors of upstreams: one reader for all dialects, which differ in where an error's words
 * stand and in their codes. A {@link Table} is what a dialect's package says about that.
 */
public final class UpstreamErrors {
  private static final int MAX_MESSAGE_CHARS = 2000;

  private UpstreamErrors() {}

  /**
   * What a dialect says of its errors.
   *
   * @param holder the member that holds the rest, such as {@code error}; empty for none
   * @param code the member that holds the code, such as {@code type}
   * @param statuses the HTTP status of a code that comes in a stream, where it has none of its own
   * @param codes OpenAI's name of a code, for what is known of it
   */
  public record Table(String holder, String code, Statuses statuses, Codes codes) {}

  /** The HTTP status of a code. */
  public interface Statuses {
    /** 500 for a code that nobody knows. */
    int of(String code);
  }

  /** OpenAI's names, which are our own. */
  public interface Codes {
    /**
     * The name for a code.
     *
     * @param code not empty
     * @param message may tell what the code does not
     */
    String of(String code, String message);
  }

  /**
   * Reads an error's body; one that is not in the dialect's shape becomes an error that says so.
   *
   * @param status the HTTP status it came with
   */
  public static ApiError read(Table table, int status, byte[] body) {
    try {
      JsonNode error = inner(table, JsonBody.parse(body));
      if (error != null && error.get(table.code) != null) {
        return error(table, status, error);
      }
    } catch (ApiException _) {
      // Falls through: whatever answered does not speak this dialect.
    }
    return ApiError.invalidRequest(
        status, "unreadable_error", "The server answered with HTTP status " + status + ".");
  }

  /** Reads an error of a stream, which comes without a status of its own. */
  public static ApiError read(Table table, JsonNode event) {
    JsonNode error = inner(table, event);
    return error == null
        ? ApiError.internal("The upstream server broke off its answer.")
        : error(table, table.statuses.of(text(error, table.code)), error);
  }

  private static @Nullable JsonNode inner(Table table, JsonNode body) {
    JsonNode error = table.holder.isEmpty() ? body : body.get(table.holder);
    return error != null && error.isObject() ? error : null;
  }

  private static ApiError error(Table table, int status, JsonNode error) {
    String code = text(error, table.code);
    String said = text(error, "message");
    String message = said.isEmpty() ? "HTTP status " + status : shortened(said);
    return new ApiError(
        status,
        status == 429 ? "requests" : status < 500 ? "invalid_request_error" : "server_error",
        code.isEmpty() ? Optional.empty() : Optional.of(table.codes.of(code, message)),
        message,
        Optional.empty(),
        OptionalInt.empty());
  }

  /** A sentence of an upstream's, of a bounded length. */
  public static String shortened(String message) {
    return message.length() > MAX_MESSAGE_CHARS
        ? message.substring(0, MAX_MESSAGE_CHARS) + "..."
        : message;
  }

  private static String text(JsonNode object, String name) {
    JsonNode node = object.get(name);
    return node != null && node.isString() ? node.stringValue() : "";
  }
}
