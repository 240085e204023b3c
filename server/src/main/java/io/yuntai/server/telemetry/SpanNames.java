package io.yuntai.server.telemetry;

/**
 * Names of attributes: OpenTelemetry's conventions for generative AI and HTTP, and our own, which
 * begin with {@code yuntai}. Constants of our own, since the library's for generative AI are all
 * deprecated.
 */
final class SpanNames {
  static final String OPERATION = "gen_ai.operation.name";
  static final String PROVIDER = "gen_ai.provider.name";
  static final String REQUEST_MODEL = "gen_ai.request.model";
  static final String RESPONSE_MODEL = "gen_ai.response.model";
  static final String FINISH_REASONS = "gen_ai.response.finish_reasons";
  static final String INPUT_TOKENS = "gen_ai.usage.input_tokens";
  static final String OUTPUT_TOKENS = "gen_ai.usage.output_tokens";
  static final String CACHED_TOKENS = "gen_ai.usage.cache_read.input_tokens";
  static final String ERROR = "error.type";
  static final String STATUS = "http.response.status_code";
  static final String USER_AGENT = "user_agent.original";
  static final String REQUEST_ID = "yuntai.request.id";
  static final String DIALECT = "yuntai.dialect";
  static final String STREAM = "yuntai.stream";
  static final String TENANT = "yuntai.tenant";
  static final String PROJECT = "yuntai.project";
  static final String KEY = "yuntai.key.id";
  static final String ROUTE = "yuntai.route";
  static final String TARGET = "yuntai.target";
  static final String OUTCOME = "yuntai.outcome";
  static final String USAGE_ID = "yuntai.usage.id";

  private SpanNames() {}

  /** The conventions' word for an operation. */
  static String operation(String ours) {
    return switch (ours) {
      case "completion" -> "text_completion";
      case "embedding" -> "embeddings";
      case "" -> "refused";
      default -> ours;
    };
  }
}
