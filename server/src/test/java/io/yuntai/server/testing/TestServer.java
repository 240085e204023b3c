package io.yuntai.server.testing;

import io.yuntai.engine.Engine;
import io.yuntai.engine.EngineOptions;
import io.yuntai.engine.PromptEncoder;
import io.yuntai.engine.template.JinjaTemplate;
import io.yuntai.server.api.Apis;
import io.yuntai.server.api.OpenAiLines;
import io.yuntai.server.batches.BatchRunner;
import io.yuntai.server.files.FileStore;
import io.yuntai.server.gateway.Access;
import io.yuntai.server.gateway.AnswerGrammars;
import io.yuntai.server.gateway.EncoderGateway;
import io.yuntai.server.gateway.Gateway;
import io.yuntai.server.gateway.HostedAdapters;
import io.yuntai.server.gateway.HostedModel;
import io.yuntai.server.gateway.Metering;
import io.yuntai.server.gateway.ModelHost;
import io.yuntai.server.gateway.Principal;
import io.yuntai.server.gateway.Routing;
import io.yuntai.server.http.HttpOptions;
import io.yuntai.server.http.HttpServer;
import io.yuntai.server.http.InFlight;
import io.yuntai.server.output.OutputFormat;
import io.yuntai.server.runs.RunLimits;
import io.yuntai.server.runs.Runs;
import io.yuntai.server.telemetry.Telemetry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A server on a free port with one model, {@code letters:1b}, and one key. */
public final class TestServer implements AutoCloseable {
  /** What the model is called. */
  public static final String MODEL = "letters:1b";

  /** The operator's. */
  public static final String OPERATOR_KEY = "yt-operator-test";

  /** The one key. */
  public static final String KEY = "yt-test-key";

  /** Each message in brackets; a message "refuse" is refused. */
  private static final String TEMPLATE =
      """
      {%- for message in messages -%}
      {%- if message.content == 'refuse' -%}
      {{- raise_exception('this conversation is refused') -}}
      {%- endif -%}
      [{{ message.content }}]
      {%- endfor -%}
      """;

  /** Patient with a slow machine. */
  public static final HttpOptions OPTIONS = impatient(Duration.ofSeconds(90));

  private final AlphabetDecoder decoder;
  private final Engine engine;
  private final ModelHost host = new ModelHost();
  private final Set<String> keys = ConcurrentHashMap.newKeySet();
  private final Map<String, Principal> others = new ConcurrentHashMap<>();
  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  /** Small bounds, and timeouts to be met in a test. */
  public static HttpOptions impatient(Duration timeout) {
    return new HttpOptions(
        "127.0.0.1",
        0,
        1 << 20,
        64L << 20,
        8 << 10,
        2000,
        1000,
        timeout,
        timeout,
        Duration.ofMillis(20),
        Duration.ofMillis(300));
  }

  /** With small bounds. */
  public TestServer() {
    this(OPTIONS, new EngineOptions(16, 128, 256), 4096);
  }

  /** With bounds of its own. */
  public TestServer(HttpOptions http, EngineOptions options, int contextTokens) {
    this(http, options, contextTokens, Routing.NONE, Metering.NONE);
  }

  /** With routes. */
  public TestServer(Routing routing) {
    this(OPTIONS, new EngineOptions(16, 128, 256), 4096, routing, Metering.NONE);
  }

  /** With bounds of its own, and routes. */
  public TestServer(HttpOptions http, EngineOptions options, int contextTokens, Routing routing) {
    this(http, options, contextTokens, routing, Metering.NONE);
  }

  /** With metering, and room for many requests. */
  public TestServer(Metering metering, Routing routing) {
    this(metering, routing, Telemetry.NONE);
  }

  /** The same, and whoever is told of requests. */
  public TestServer(Metering metering, Routing routing, Telemetry telemetry) {
    this(OPTIONS, new EngineOptions(16, 1024, 1024), 4096, routing, metering, telemetry);
  }

  private TestServer(
      HttpOptions http,
      EngineOptions options,
      int contextTokens,
      Routing routing,
      Metering metering) {
    this(http, options, contextTokens, routing, metering, Telemetry.NONE);
  }

  private TestServer(
      HttpOptions http,
      EngineOptions options,
      int contextTokens,
      Routing routing,
      Metering metering,
      Telemetry telemetry) {
    ByteTokenizer tokenizer = new ByteTokenizer();
    decoder = new AlphabetDecoder(contextTokens);
    engine = Engine.start(decoder, tokenizer, options);
    host.add(
        new HostedModel(
                MODEL,
                1_700_000_000,
                "tests",
                tokenizer,
                new PromptEncoder(tokenizer, Optional.of(JinjaTemplate.compile(TEMPLATE))),
                OutputFormat.of(TEMPLATE, tokenizer),
                new AnswerGrammars(tokenizer, OutputFormat.of(TEMPLATE, tokenizer).markers()),
                engine::submit,
                "test",
                engine::statistics,
                () -> Optional.of("fp_letters"))
            .taking(engine.adapters()));
    keys.add(KEY);
    Access access =
        key ->
            key.equals(OPERATOR_KEY)
                ? Optional.of(Principal.OPERATOR)
                : keys.contains(key)
                    ? Optional.of(new Principal(key, "test"))
                    : Optional.ofNullable(others.get(key));
    server = serve(http, host, routing, access, metering, telemetry);
  }

  /** A server of these models that lets in whom {@code access} does. */
  public static HttpServer serve(HttpOptions http, ModelHost host, Access access) {
    return serve(http, host, Routing.NONE, access, Metering.NONE, Telemetry.NONE);
  }

  private static HttpServer serve(
      HttpOptions http,
      ModelHost host,
      Routing routing,
      Access access,
      Metering metering,
      Telemetry telemetry) {
    SecureRandom random = new SecureRandom();
    InFlight inFlight = new InFlight(http.maxRequests());
    Gateway gateway = new Gateway(host, routing, metering, random, InstantSource.system());
    EncoderGateway encoders = new EncoderGateway(host, routing, metering, random);
    try {
      Path folder = Files.createTempDirectory("yuntai-test-server");
      InstantSource clock = InstantSource.system();
      MemoryResponses responses = new MemoryResponses();
      FileStore files = new FileStore(folder.resolve("files"), random, clock);
      @SuppressWarnings("resource") // its threads end with the process
      BatchRunner batches =
          new BatchRunner(
              folder.resolve("batches"),
              files,
              new OpenAiLines(gateway, encoders, responses, telemetry, random),
              random,
              clock);
      Runs runs = new Runs(RunLimits.DEFAULTS, random, clock);
      return HttpServer.start(
          http,
          Apis.of(
              host,
              gateway,
              encoders,
              new HostedAdapters(host, clock),
              access,
              inFlight,
              runs,
              responses,
              files,
              batches,
              List.of(),
              ""),
          inFlight,
          telemetry);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets in somebody more, by this key. */
  public void admit(String key, Principal who) {
    others.put(key, who);
  }

  /** The model's decoder. */
  public AlphabetDecoder decoder() {
    return decoder;
  }

  /** The model's engine. */
  public Engine engine() {
    return engine;
  }

  /** The models. */
  public ModelHost host() {
    return host;
  }

  /** The server. */
  public HttpServer http() {
    return server;
  }

  /** The keys that are let in. */
  public Set<String> keys() {
    return keys;
  }

  /** The port. */
  public int port() {
    return server.port();
  }

  /** An absolute address. */
  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  /** A request with the key. */
  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path))
        .timeout(Duration.ofSeconds(60))
        .header("Authorization", "Bearer " + KEY);
  }

  /** Sends a request and reads its answer. */
  public HttpResponse<String> send(HttpRequest request) throws Exception {
    return client.send(request, BodyHandlers.ofString());
  }

  /** Posts JSON with the key. */
  public HttpResponse<String> post(String path, String json) throws Exception {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json))
            .build());
  }

  /** Gets with the key. */
  public HttpResponse<String> get(String path) throws Exception {
    return send(request(path).build());
  }

  @Override
  public void close() {
    decoder.release();
    server.close();
    engine.close();
    client.close();
  }
}
