package io.yuntai.server.telemetry;

import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ModelRequest;
import io.yuntai.dialect.Usage;
import io.yuntai.ledger.budgets.RequestPlan;
import io.yuntai.ledger.keys.ApiKey;
import io.yuntai.ledger.keys.KeyOwner;
import io.yuntai.ledger.node.OpenRequest;
import io.yuntai.ledger.requests.LoggedRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What happens to one request, and when. Written by the threads that work for it, one after the
 * other; read when all of them have {@linkplain #close let go} of it.
 */
public final class RequestTimeline implements AutoCloseable {
  private static final ScopedValue<RequestTimeline> CURRENT = ScopedValue.newInstance();

  /** A moment that did not come. */
  static final long NEVER = Long.MIN_VALUE;

  /** Status of a request whose client left before its end, as other servers log it. */
  public static final int CLIENT_LEFT = 499;

  private static final int MAX_ATTEMPTS = 20;

  private final Telemetry telemetry;
  private final String requestId;
  private final String dialect;
  private final String client;
  private final Optional<TraceContext> parent;
  private final Optional<TraceContext> trace;
  private final Instant at = Instant.now();
  private final long startNanos = System.nanoTime();
  private final AtomicInteger holders = new AtomicInteger(1);

  private final EnumMap<Stage, Span> stages = new EnumMap<>(Stage.class);
  private long endNanos = NEVER;
  private long submittedNanos = NEVER;
  private long queuedNanos = NEVER;
  private long firstTokenNanos = NEVER;
  private long lastTokenNanos = NEVER;

  private boolean forWork;
  private String operation = "";
  private String model = "";
  private boolean streamed;
  private String served = "";
  private String route = "";
  private final List<RouteAttempt> attempts = Collections.synchronizedList(new ArrayList<>());
  private @Nullable ApiKey key;
  private @Nullable OpenRequest admitted;
  private @Nullable Usage usage;
  private int status;
  private String errorCode = "";
  private String finish = "";
  private boolean left;
  private OptionalLong seed = OptionalLong.empty();
  private @Nullable RequestText text;

  /**
   * A target of a route that was asked.
   *
   * <p>Where nothing is traced it has no place in a trace.
   */
  public static final class RouteAttempt {
    private final String target;
    private final long startNanos = System.nanoTime();
    private final Optional<TraceContext> trace;
    private String outcome = "cancelled";
    private long endNanos = NEVER;

    RouteAttempt(String target, Optional<TraceContext> trace) {
      this.target = target;
      this.trace = trace;
    }

    /** How it ended: {@code ok}, or what went wrong. Without effect the second time. */
    public void ended(String how) {
      if (endNanos == NEVER) {
        outcome = how.toLowerCase(Locale.ROOT);
        endNanos = System.nanoTime();
      }
    }

    String target() {
      return target;
    }

    String outcome() {
      return outcome;
    }

    long startNanos() {
      return startNanos;
    }

    long endNanos(long otherwise) {
      return endNanos == NEVER ? otherwise : endNanos;
    }

    Optional<TraceContext> trace() {
      return trace;
    }
  }

  RequestTimeline(
      Telemetry telemetry,
      String requestId,
      String dialect,
      String client,
      Optional<TraceContext> parent,
      Optional<TraceContext> trace) {
    this.telemetry = telemetry;
    this.requestId = requestId;
    this.dialect = dialect;
    this.client = client;
    this.parent = parent;
    this.trace = trace;
  }

  /**
   * That of the request which this thread works for; one that nobody reads where it is for none.
   */
  public static RequestTimeline current() {
    return CURRENT.isBound() ? CURRENT.get() : Telemetry.NONE.begin("", "", "", "");
  }

  /** The same, empty where this thread works for none. */
  public static Optional<RequestTimeline> ofThread() {
    return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
  }

  /**
   * Another request of this client, that is not what this one is answered with. Its maker closes it
   * and says how it was answered.
   */
  public RequestTimeline beside(String ownId) {
    return new RequestTimeline(
        telemetry, ownId, dialect, client, parent, trace.map(telemetry::child));
  }

  /** Work with two kinds of failures. */
  @FunctionalInterface
  public interface Work<T, X extends Exception, Y extends Exception> {
    /** Does it. */
    T run() throws X, Y;
  }

  /** Does work for this request. */
  @SuppressWarnings("unchecked") // what is thrown is one of the two, or is unchecked
  public <T extends @Nullable Object, X extends Exception, Y extends Exception> T within(
      Work<T, X, Y> work) throws X, Y {
    try {
      return ScopedValue.where(CURRENT, this).<T, Exception>call(work::run);
    } catch (Exception e) {
      throw (X) e;
    }
  }

  /** From when a stage ran last, and how long in all. */
  private record Span(long startNanos, long nanos) {}

  // What the threads of the request tell.

  /** One more thread works for it, until it {@linkplain #close lets go}. */
  public void hold() {
    holders.incrementAndGet();
  }

  /** Who holds it lets go; the last one's going is the end. */
  @Override
  public void close() {
    if (holders.decrementAndGet() == 0) {
      endNanos = System.nanoTime();
      telemetry.ended(this);
    }
  }

  /** It asks for a model's work, so it belongs into the log even where it is refused. */
  public void asksForWork() {
    forWork = true;
  }

  /** Who asks. */
  public void askedBy(ApiKey asker) {
    key = asker;
  }

  /** What is asked for. */
  public void asks(String what, String ofModel, boolean asStream) {
    forWork = true;
    operation = what;
    model = ofModel;
    streamed = asStream;
  }

  /** A stage begins. */
  public void begin(Stage stage) {
    Span before = stages.get(stage);
    stages.put(stage, new Span(System.nanoTime(), before == null ? 0 : before.nanos()));
  }

  /** A stage that has begun has ended. */
  public void end(Stage stage) {
    stages.computeIfPresent(
        stage,
        (_, span) ->
            new Span(span.startNanos(), span.nanos() + System.nanoTime() - span.startNanos()));
  }

  /** The budgets let it in. */
  public void admitted(OpenRequest request) {
    admitted = request;
  }

  /** A model of this server is given the work. */
  public void submittedTo(String ownModel) {
    served = ownModel;
    submittedNanos = System.nanoTime();
  }

  /** How long the engine let it wait before its prompt was computed. */
  public void queued(long nanos) {
    queuedNanos = nanos;
  }

  /** Its model's name is that of a route. */
  public void followsRoute(String name) {
    route = name;
  }

  /** A target of the route is asked. */
  public RouteAttempt attempts(String target) {
    RouteAttempt attempt = new RouteAttempt(target, trace.map(telemetry::child));
    if (attempts.size() < MAX_ATTEMPTS) {
      attempts.add(attempt);
    }
    return attempt;
  }

  /** What an upstream is told of the trace; empty for nothing. */
  public Optional<TraceContext> forUpstream() {
    Optional<TraceContext> last =
        attempts.isEmpty() ? Optional.empty() : attempts.getLast().trace();
    return last.or(() -> trace).or(() -> parent);
  }

  /** A token was handed out. */
  public void token() {
    lastTokenNanos = System.nanoTime();
    if (firstTokenNanos == NEVER) {
      firstTokenNanos = lastTokenNanos;
    }
  }

  /** What its answers are drawn by, where this server draws them. */
  public void seeded(long number) {
    seed = OptionalLong.of(number);
  }

  /** Its answer begins: from here on its texts are collected, where they are to be kept. */
  public void opened(ModelRequest request) {
    long orgId = asker().orgId();
    if (orgId != 0 && telemetry.keepsTextsOf(orgId)) {
      text = new RequestText(request, seed);
    }
  }

  /** A piece of its answer. */
  public void said(AnswerEvent event) {
    if (text != null) {
      text.said(event);
    }
  }

  /** What was used of a model, as far as it has come. */
  public void used(Usage counts) {
    usage = counts;
  }

  /** The answer has ended by itself. */
  public void finished(String why) {
    finish = why.toLowerCase(Locale.ROOT);
  }

  /** It is refused, or its answer fails. */
  public void failed(ApiError error) {
    errorCode = error.code().orElse(error.type());
    if (status == 0) {
      status = error.status();
    }
  }

  /** The status that its client was told. */
  public void answered(int httpStatus) {
    status = httpStatus;
  }

  /** Its client left before its end. */
  public void clientLeft() {
    left = true;
  }

  // What those read who are told of its end.

  String requestId() {
    return requestId;
  }

  /** What {@code x-request-id} says. */
  public String id() {
    return requestId;
  }

  String dialect() {
    return dialect;
  }

  String client() {
    return client;
  }

  /** The trace that it came with. */
  Optional<TraceContext> parent() {
    return parent;
  }

  /** Its own place in a trace that is recorded; empty where nothing is. */
  public Optional<TraceContext> trace() {
    return trace;
  }

  Instant at() {
    return at;
  }

  /** Whether it belongs into the log: it asked a model, or was refused before. */
  boolean isForModel() {
    return !operation.isEmpty() || (forWork && status() >= 400);
  }

  String operation() {
    return operation;
  }

  String model() {
    return model;
  }

  boolean streamed() {
    return streamed;
  }

  String served() {
    return served;
  }

  String route() {
    return route;
  }

  List<RouteAttempt> attempts() {
    return List.copyOf(attempts);
  }

  Optional<ApiKey> key() {
    return Optional.ofNullable(key);
  }

  /** Whose it is: the plan knows that of a request which came without a key of its own. */
  LoggedRequest.Asker asker() {
    if (admitted != null) {
      RequestPlan plan = admitted.plan();
      return new LoggedRequest.Asker(
          plan.orgId(), plan.projectId(), plan.userId(), plan.keyId(), client);
    }
    if (key != null) {
      KeyOwner owner = key.owner();
      return new LoggedRequest.Asker(
          owner.orgId(), owner.projectId(), owner.userId(), key.rowId(), client);
    }
    return new LoggedRequest.Asker(0, 0, 0, 0, client);
  }

  /** Its words, where they are to be kept. */
  Optional<RequestText> text() {
    return Optional.ofNullable(text);
  }

  Optional<OpenRequest> admitted() {
    return Optional.ofNullable(admitted);
  }

  Optional<Usage> usage() {
    return Optional.ofNullable(usage);
  }

  /** Whether its client left although there was more to come. */
  boolean leftEarly() {
    return left && finish.isEmpty();
  }

  int status() {
    return leftEarly() ? CLIENT_LEFT : status;
  }

  String errorCode() {
    return leftEarly() ? "client_left" : errorCode;
  }

  String finish() {
    return finish;
  }

  boolean happened(Stage stage) {
    return stages.containsKey(stage);
  }

  /** When a stage last began: a point of {@link System#nanoTime()}; {@link #NEVER} for none. */
  long startOf(Stage stage) {
    Span span = stages.get(stage);
    return span == null ? NEVER : span.startNanos();
  }

  /** How long a stage ran in all. */
  long nanosOf(Stage stage) {
    Span span = stages.get(stage);
    return span == null ? 0 : span.nanos();
  }

  long startNanos() {
    return startNanos;
  }

  long endNanos() {
    return endNanos;
  }

  long submittedNanos() {
    return submittedNanos;
  }

  /** {@link #NEVER} where it never waited in an engine. */
  long queuedNanos() {
    return queuedNanos;
  }

  long firstTokenNanos() {
    return firstTokenNanos;
  }

  long lastTokenNanos() {
    return lastTokenNanos;
  }
}
