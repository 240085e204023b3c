package io.yuntai.server.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The table {@code [observability]} of a configuration file, and OpenTelemetry's own variables of
 * the environment, which hold where the file says nothing.
 *
 * @param keepRequests how long rows of the log of requests stay
 * @param traces where traces go; empty for nowhere
 */
public record ObservabilitySettings(Duration keepRequests, Optional<Traces> traces) {
  /** The table's name. */
  public static final String TABLE = "observability";

  private static final Duration KEEP_REQUESTS = Duration.ofDays(30);
  private static final Duration KEEP_MOST = Duration.ofDays(3650);
  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
  private static final String TRACES_ENDPOINT = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
  private static final String PROTOCOL = "OTEL_EXPORTER_OTLP_PROTOCOL";
  private static final String PATH = "/v1/traces";

  /**
   * Where traces go.
   *
   * @param endpoint takes OTLP over HTTP in protobuf
   * @param headers sent along, such as a key; never printed
   * @param service what this server is called there
   * @param sample which share of the requests that come without a trace begins one, above 0 to 1
   */
  public record Traces(URI endpoint, Map<String, String> headers, String service, double sample) {
    /** Copies the map. */
    public Traces {
      headers = Map.copyOf(headers);
    }

    @Override
    public String toString() {
      return service + " to " + endpoint;
    }
  }

  /**
   * Without a file.
   *
   * @throws IllegalArgumentException with a sentence for the user, where a variable makes no sense
   */
  public static ObservabilitySettings of(Map<String, String> environment) {
    return new ObservabilitySettings(
        KEEP_REQUESTS, traces(endpoint(environment), environment, Optional.empty(), 1));
  }

  /**
   * Reads a file; one without the table says nothing.
   *
   * @throws IllegalArgumentException with all that is wrong, each with line and column
   */
  public static ObservabilitySettings read(Path file, Map<String, String> environment) {
    TomlSection.Problems problems = TomlFile.problemsOf(file);
    Optional<ObservabilitySettings> settings =
        TomlFile.read(file, problems)
            .flatMap(root -> root.section(TABLE))
            .map(section -> of(section, environment));
    if (!problems.sentences().isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems.sentences()));
    }
    return settings.orElseGet(() -> of(environment));
  }

  private static ObservabilitySettings of(TomlSection section, Map<String, String> environment) {
    Duration keep = section.duration("keep_requests", KEEP_REQUESTS, KEEP_MOST);
    Optional<String> endpoint = section.text("otlp_endpoint").map(ObservabilitySettings::below);
    Optional<String> service = section.text("service_name");
    double sample = section.fraction("sample", 1);
    section.refuseUnknown();
    try {
      return new ObservabilitySettings(
          keep, traces(endpoint.or(() -> endpoint(environment)), environment, service, sample));
    } catch (IllegalArgumentException e) {
      section.problem("otlp_endpoint", String.valueOf(e.getMessage()));
      return new ObservabilitySettings(keep, Optional.empty());
    }
  }

  /** As OpenTelemetry says it: a variable for traces alone is the whole address. */
  private static Optional<String> endpoint(Map<String, String> environment) {
    String traces = environment.getOrDefault(TRACES_ENDPOINT, "");
    String all = environment.getOrDefault(ENDPOINT, "");
    if ("true".equalsIgnoreCase(environment.get("OTEL_SDK_DISABLED"))) {
      return Optional.empty();
    }
    return Optional.of(traces.isBlank() && !all.isBlank() ? below(all) : traces)
        .filter(text -> !text.isBlank());
  }

  private static String below(String base) {
    return (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + PATH;
  }

  private static Optional<Traces> traces(
      Optional<String> endpoint,
      Map<String, String> environment,
      Optional<String> service,
      double sample) {
    if (endpoint.isEmpty() || sample <= 0) {
      return Optional.empty();
    }
    String protocol = environment.getOrDefault(PROTOCOL, "http/protobuf");
    if (!protocol.equals("http/protobuf")) {
      throw new IllegalArgumentException(
          "%s is '%s', but traces are sent by http/protobuf only.".formatted(PROTOCOL, protocol));
    }
    return Optional.of(
        new Traces(
            uri(endpoint.get()),
            headers(environment.getOrDefault("OTEL_EXPORTER_OTLP_HEADERS", "")),
            service.orElse(environment.getOrDefault("OTEL_SERVICE_NAME", "yuntai")),
            Math.min(1, sample)));
  }

  private static URI uri(String text) {
    try {
      URI uri = new URI(text);
      if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && uri.getHost() != null) {
        return uri;
      }
    } catch (URISyntaxException _) {
      // Said below.
    }
    throw new IllegalArgumentException(
        "'%s' is no address for traces: write one such as http://127.0.0.1:4318.".formatted(text));
  }

  /** {@code name=value,name=value}. */
  private static Map<String, String> headers(String text) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        headers.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
      }
    }
    return headers;
  }
}
