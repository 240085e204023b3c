package io.yuntai.server.http;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What a path and method ask for. */
sealed interface Route {
  /** What this server is. */
  record About() implements Route {}

  /** Whether the process lives. */
  record Live() implements Route {}

  /** Whether it can answer. */
  record Ready() implements Route {}

  /** Metrics for Prometheus. */
  record Metrics() implements Route {}

  /** The list of models. */
  record Models() implements Route {}

  /**
   * @param id a model's name, decoded
   */
  record Model(String id) implements Route {}

  /** A chat completion. */
  record Chat() implements Route {}

  /** A text completion. */
  record Completion() implements Route {}

  /** Vectors of texts. */
  record Embeddings() implements Route {}

  /** Documents by relevance. */
  record Rerank() implements Route {}

  /**
   * @param allow methods of the path
   */
  record Options(String allow) implements Route {}

  String READ = "GET, HEAD, OPTIONS";
  String WRITE = "POST, OPTIONS";
  String MODELS = "/v1/models/";

  /**
   * The route of a request.
   *
   * @param path as it came, percent-encoded
   * @throws ApiException 404 or 405
   */
  static Route of(String method, String path) throws ApiException {
    Optional<Route> found = at(path);
    if (found.isEmpty()) {
      throw new ApiException(
          ApiError.invalidRequest(
              404, "unknown_url", "Invalid URL (%s %s).".formatted(method, shortened(path))));
    }
    String allow = allowed(found.get());
    if (method.equals("OPTIONS")) {
      return new Options(allow);
    }
    if (!allow.contains(method)) {
      throw new ApiException(
          ApiError.invalidRequest(
              405,
              "method_not_allowed",
              "Not allowed to %s on %s; allowed are %s."
                  .formatted(shortened(method), shortened(path), allow)));
    }
    return found.get();
  }

  /** The methods of a path that exists, for {@code Allow}. */
  static Optional<String> allowed(String path) {
    return at(path).map(Route::allowed);
  }

  private static String allowed(Route route) {
    return switch (route) {
      case Chat _, Completion _, Embeddings _, Rerank _ -> WRITE;
      case About _, Live _, Ready _, Metrics _, Models _, Model _, Options _ -> READ;
    };
  }

  private static Optional<Route> at(String path) {
    return switch (path) {
      case "/" -> Optional.of(new About());
      case "/health/live" -> Optional.of(new Live());
      case "/health/ready" -> Optional.of(new Ready());
      case "/metrics" -> Optional.of(new Metrics());
      case "/v1/models" -> Optional.of(new Models());
      case "/v1/chat/completions" -> Optional.of(new Chat());
      case "/v1/completions" -> Optional.of(new Completion());
      case "/v1/embeddings" -> Optional.of(new Embeddings());
      // Jina's, Cohere's newer and DashScope's names of the same thing.
      case "/v1/rerank", "/v2/rerank", "/v1/reranks" -> Optional.of(new Rerank());
      default ->
          // A model's name may hold slashes, encoded or not, so it is the whole rest of the path.
          path.startsWith(MODELS) && path.length() > MODELS.length()
              ? Optional.of(new Model(decode(path.substring(MODELS.length()))))
              : Optional.empty();
    };
  }

  /** Percent-decoding; what is malformed stays as it is and so names no model. */
  private static String decode(String encoded) {
    byte[] bytes = encoded.getBytes(StandardCharsets.UTF_8);
    int size = 0;
    for (int i = 0; i < bytes.length; i++) {
      int high = bytes[i] == '%' && i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
      int low = high >= 0 ? Character.digit(bytes[i + 2], 16) : -1;
      if (low >= 0) {
        bytes[size++] = (byte) (high * 16 + low);
        i += 2;
      } else {
        bytes[size++] = bytes[i];
      }
    }
    return new String(bytes, 0, size, StandardCharsets.UTF_8);
  }

  private static String shortened(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200) + "...";
  }
}
