package io.yuntai.dialect.json;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import tools.jackson.databind.JsonNode;

/**
 * What is wrong with a field, as refusals that name it; the codes are OpenAI's, which other
 * dialects translate.
 */
public final class Refusals {
  /** Of a name, path or value that a refusal repeats: it comes from a stranger. */
  private static final int MAX_ECHO_CHARS = 120;

  private Refusals() {}

  /** A field that must be there is not. */
  public static ApiException missing(String path) {
    return of(
        "missing_required_parameter", path, "Missing required parameter: '%s'.".formatted(path));
  }

  /** A field holds another kind of JSON. */
  public static ApiException wrongType(String path, String expected, JsonNode got) {
    return of(
        "invalid_type",
        path,
        "Invalid type for '%s': expected %s, but got %s instead."
            .formatted(echo(path), expected, Fields.kindOf(got)));
  }

  /**
   * A field of the right kind holds what can't be.
   *
   * @param sentence without a full stop
   */
  public static ApiException outOfRange(String code, String path, String sentence) {
    return of(code, path, "Invalid '%s': %s.".formatted(echo(path), sentence));
  }

  /** A number is too small. */
  public static ApiException below(String kind, String path, String min, String got) {
    return outOfRange(
        kind + "_below_min_value",
        path,
        "%s below minimum value. Expected a value >= %s, but got %s instead"
            .formatted(kind, min, echo(got)));
  }

  /** A number is too large. */
  public static ApiException above(String kind, String path, String max, String got) {
    return outOfRange(
        kind + "_above_max_value",
        path,
        "%s above maximum value. Expected a value <= %s, but got %s instead"
            .formatted(kind, max, echo(got)));
  }

  /** An array needs an element. */
  public static ApiException emptyArray(String path) {
    return outOfRange(
        "empty_array",
        path,
        "empty array. Expected an array with minimum length 1, but got an empty array instead");
  }

  /** An array has too many elements. */
  public static ApiException longArray(String path, int max, int got) {
    return outOfRange(
        "array_above_max_length",
        path,
        "array too long. Expected an array with maximum length %d, but got an array with length %d instead"
            .formatted(max, got));
  }

  /** A text is none of those that the field may hold. */
  public static ApiException badValue(String path, String got, String supported) {
    return of(
        "invalid_value",
        path,
        "Invalid value for '%s': '%s'. Supported values are: %s."
            .formatted(echo(path), echo(got), supported));
  }

  /** Two fields exclude each other. */
  public static ApiException combination(String path, String message) {
    return of("invalid_parameter_combination", path, message);
  }

  /** The API has no such field. */
  public static ApiException unknown(String path) {
    return of(
        "unknown_parameter",
        path,
        "Unrecognized request argument supplied: %s".formatted(echo(path)));
  }

  /** The API has the field, but this server does not support it. */
  public static ApiException unsupported(String path) {
    return of(
        "unsupported_parameter",
        path,
        "Unsupported parameter: '%s' is not supported by this server.".formatted(echo(path)));
  }

  /** The API has the value, but this server does not support it. */
  public static ApiException unsupportedValue(String path, String what) {
    return of(
        "unsupported_parameter",
        path,
        "Unsupported value: '%s' does not support %s on this server."
            .formatted(echo(path), echo(what)));
  }

  private static ApiException of(String code, String path, String message) {
    return new ApiException(ApiError.invalidField(code, echo(path), message));
  }

  private static String echo(String text) {
    return text.length() <= MAX_ECHO_CHARS ? text : text.substring(0, MAX_ECHO_CHARS) + "...";
  }
}
