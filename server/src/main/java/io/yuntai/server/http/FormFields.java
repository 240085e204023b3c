package io.yuntai.server.http;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Names and values as forms and queries have them: in their order, a name as often as it was sent.
 *
 * @param values by name
 */
public record FormFields(Map<String, List<String>> values) {
  /** Nothing. */
  public static final FormFields NONE = new FormFields(Map.of());

  private static final int MAX_FIELDS = 1000;

  /** Keeps the map's order. */
  public FormFields {
    Map<String, List<String>> copy = new LinkedHashMap<>();
    values.forEach((name, texts) -> copy.put(name, List.copyOf(texts)));
    values = java.util.Collections.unmodifiableMap(copy);
  }

  /**
   * Reads them as the URL standard's {@code application/x-www-form-urlencoded} has them.
   *
   * @throws ApiException 400 for what is not well-formed or too much
   */
  public static FormFields parse(String text) throws ApiException {
    Map<String, List<String>> values = new LinkedHashMap<>();
    if (text.isEmpty()) {
      return NONE;
    }
    String[] pairs = text.split("&", MAX_FIELDS + 1);
    if (pairs.length > MAX_FIELDS) {
      throw malformed("has more than %d fields".formatted(MAX_FIELDS));
    }
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      if (!pair.isEmpty()) {
        values.computeIfAbsent(decode(name), _ -> new ArrayList<>()).add(decode(value));
      }
    }
    return new FormFields(values);
  }

  private static String decode(String text) throws ApiException {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      throw malformed("is not well-formed");
    }
  }

  private static ApiException malformed(String what) {
    return new ApiException(
        ApiError.invalidRequest(
            400, "bad_http_request", "The form or the query of the URL %s.".formatted(what)));
  }

  /** The first value of a name. */
  public Optional<String> first(String name) {
    List<String> found = values.getOrDefault(name, List.of());
    return found.isEmpty() ? Optional.empty() : Optional.of(found.getFirst());
  }

  /** The first value of a name; empty for none. */
  public String text(String name) {
    return first(name).orElse("");
  }

  /** All values of a name. */
  public List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  /** The same with one name having this value only; without it where the value is empty. */
  public FormFields with(String name, String value) {
    Map<String, List<String>> more = new LinkedHashMap<>(values);
    if (value.isEmpty()) {
      more.remove(name);
    } else {
      more.put(name, List.of(value));
    }
    return new FormFields(more);
  }

  /** As the URL standard writes them; empty for none. */
  public String encoded() {
    StringBuilder text = new StringBuilder();
    values.forEach((name, texts) ->
        texts.forEach(value ->
            text.append(text.isEmpty() ? "" : "&")
                .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8))));
    return text.toString();
  }
}
