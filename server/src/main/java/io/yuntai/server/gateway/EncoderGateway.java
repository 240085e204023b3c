package io.yuntai.server.gateway;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.ContextOverflow;
import io.yuntai.dialect.EmbeddingAnswer;
import io.yuntai.dialect.EmbeddingRequest;
import io.yuntai.dialect.EncoderAnswer;
import io.yuntai.dialect.EncoderRequest;
import io.yuntai.dialect.InputRole;
import io.yuntai.dialect.Prompt;
import io.yuntai.dialect.RerankAnswer;
import io.yuntai.dialect.RerankRequest;
import io.yuntai.dialect.Truncation;
import io.yuntai.dialect.Usage;
import io.yuntai.engine.Encoding;
import io.yuntai.engine.EngineBusyException;
import io.yuntai.engine.ModelKind;
import io.yuntai.engine.PromptTooLongException;
import io.yuntai.engine.WorkWitness;
import io.yuntai.engine.encoder.EncoderInput;
import io.yuntai.engine.encoder.EncoderOutput;
import io.yuntai.engine.encoder.VectorLength;
import io.yuntai.ledger.prices.ServiceClass;
import io.yuntai.server.telemetry.RequestTimeline;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way of a request for vectors or for an order of documents. Safe for use by many threads. */
public final class EncoderGateway {
  private static final Logger LOG = LoggerFactory.getLogger(EncoderGateway.class);
  private static final int ID_BYTES = 12;

  private final ModelHost models;
  private final Routing routing;
  private final Metering metering;
  private final RandomGenerator random;

  /**
   * @param models who may be asked
   * @param routing where requests go whose model's name is a route's
   * @param metering who is let in, and what is counted
   * @param random source of ids; safe for use by many threads
   */
  public EncoderGateway(
      ModelHost models, Routing routing, Metering metering, RandomGenerator random) {
    this.models = models;
    this.routing = routing;
    this.metering = metering;
    this.random = random;
  }

  /** A request in the making. */
  public interface Pending<A> extends Running, AutoCloseable {
    /**
     * Waits for the answer.
     *
     * @throws ApiException when it fails or is ended on the way
     */
    A answer() throws InterruptedException, ApiException;

    /** Cancels it if it still runs. */
    @Override
    void close();
  }

  /**
   * Starts computing vectors; the caller closes it.
   *
   * @param asker who asks; queues are counted by key
   * @throws ApiException for an unknown model or one of another kind, a text that it can't take, a
   *     full queue
   */
  public Pending<EmbeddingAnswer> embed(EmbeddingRequest request, Principal asker)
      throws ApiException {
    return embed(request, asker, ServiceClass.REALTIME);
  }

  /** {@link #embed(EmbeddingRequest, Principal)} at the price of a class of service. */
  public Pending<EmbeddingAnswer> embed(
      EmbeddingRequest request, Principal asker, ServiceClass serviceClass) throws ApiException {
    RequestTimeline timeline = RequestTimeline.current();
    timeline.asks("embedding", request.model(), false);
    asker.requireModel(request.model());
    Optional<Pending<EncoderAnswer>> routed = routing.start(request, asker, this::startHere);
    Pending<EmbeddingAnswer> pending =
        routed.isEmpty()
            ? embedHere(request, asker, serviceClass, metering)
            : new Told<>(
                routed.get(),
                admitted(routed.get(), request, asker, serviceClass),
                answer -> {
                  EmbeddingAnswer vectors = (EmbeddingAnswer) answer;
                  return new EmbeddingAnswer(
                      request.model(), vectors.vectors(), request.base64(), vectors.usage());
                });
    return new ObservedPending<>(pending, timeline);
  }

  /** What a route sends here is metered as the route's. */
  private Pending<? extends EncoderAnswer> startHere(EncoderRequest request, Principal asker)
      throws ApiException {
    return switch (request) {
      case EmbeddingRequest texts -> embedHere(texts, asker, ServiceClass.REALTIME, Metering.NONE);
      case RerankRequest documents -> rerankHere(documents, asker, Metering.NONE);
    };
  }

  private Metering.Admitted admitted(
      Pending<EncoderAnswer> routed,
      EncoderRequest request,
      Principal asker,
      ServiceClass serviceClass)
      throws ApiException {
    boolean admitted = false;
    try {
      PromptSize size = PromptSize.of(request);
      Metering.Admitted let =
          metering.admit(
              new Metering.Request(
                  asker,
                  request.model(),
                  serviceClass,
                  size.mostTokens(),
                  size.likelyTokens(),
                  0,
                  1));
      admitted = true;
      return let;
    } finally {
      if (!admitted) {
        routed.close();
      }
    }
  }

  private Pending<EmbeddingAnswer> embedHere(
      EmbeddingRequest request, Principal asker, ServiceClass serviceClass, Metering meters)
      throws ApiException {
    HostedEncoder model = model(request.model(), ModelKind.EMBEDDING);
    int dimensions = dimensions(request, model);
    if (request.role() instanceof InputRole.Query(String instruction)) {
      requireTaken(instruction, model);
    }
    List<EncoderInput> inputs = new ArrayList<>(request.inputs().size());
    for (int i = 0; i < request.inputs().size(); i++) {
      String field = request.isList() ? "input[" + i + "]" : "input";
      inputs.add(fitting(input(request, request.inputs().get(i), field, model), field, model));
    }
    RunningEncoding running = submit(model, inputs, asker, serviceClass, meters);
    return pending(
        running,
        rows ->
            new EmbeddingAnswer(
                request.model(),
                Arrays.stream(rows).map(row -> shortened(row, dimensions, model)).toList(),
                request.base64(),
                Usage.ofPrompt(running.tokens())));
  }

  /**
   * Starts ordering documents; the caller closes it.
   *
   * @param asker who asks; queues are counted by key
   * @throws ApiException as {@link #embed}
   */
  public Pending<RerankAnswer> rerank(RerankRequest request, Principal asker) throws ApiException {
    RequestTimeline timeline = RequestTimeline.current();
    timeline.asks("rerank", request.model(), false);
    asker.requireModel(request.model());
    Optional<Pending<EncoderAnswer>> routed = routing.start(request, asker, this::startHere);
    Pending<RerankAnswer> pending =
        routed.isEmpty()
            ? rerankHere(request, asker, metering)
            : new Told<>(
                routed.get(),
                admitted(routed.get(), request, asker, ServiceClass.REALTIME),
                answer -> {
                  RerankAnswer order = (RerankAnswer) answer;
                  return new RerankAnswer(id(), request.model(), order.results(), order.usage());
                });
    return new ObservedPending<>(pending, timeline);
  }

  private Pending<RerankAnswer> rerankHere(RerankRequest request, Principal asker, Metering meters)
      throws ApiException {
    HostedEncoder model = model(request.model(), ModelKind.RERANK);
    requireTaken(request.instruction(), model);
    int most = mostTokens(request.truncation(), model);
    List<EncoderInput> inputs = new ArrayList<>(request.documents().size());
    for (int i = 0; i < request.documents().size(); i++) {
      String document = request.documents().get(i);
      EncoderInput pair =
          model.texts().pair(request.query(), document, request.instruction(), most);
      inputs.add(fitting(pair, "documents[" + i + "]", model));
    }
    RunningEncoding running = submit(model, inputs, asker, ServiceClass.REALTIME, meters);
    return pending(
        running,
        rows ->
            new RerankAnswer(
                id(), request.model(), ordered(request, rows), Usage.ofPrompt(running.tokens())));
  }

  private static void requireTaken(String instruction, HostedEncoder model) throws ApiException {
    if (!instruction.isEmpty() && !model.texts().takesInstructions()) {
      throw new ApiException(
          ApiError.invalidField(
              "unsupported_value",
              "instruct",
              "Invalid 'instruct': the model `%s` takes no instructions.".formatted(model.name())));
    }
  }

  private HostedEncoder model(String name, ModelKind wanted) throws ApiException {
    Optional<HostedEncoder> found = models.findEncoder(name);
    if (found.isPresent() && found.get().kind() == wanted) {
      return found.get();
    }
    throw new ApiException(models.notOfKind(name, wanted));
  }

  private static int dimensions(EmbeddingRequest request, HostedEncoder model) throws ApiException {
    EncoderOutput.Vector output = (EncoderOutput.Vector) model.engine().output();
    int wanted = request.dimensions().orElse(output.width());
    if (wanted == output.width() || (wanted >= output.minDimensions() && wanted < output.width())) {
      return wanted;
    }
    String allowed =
        output.minDimensions() == output.width()
            ? "its vectors can't be shortened and have %d dimensions".formatted(output.width())
            : "it gives %d to %d dimensions".formatted(output.minDimensions(), output.width());
    throw new ApiException(
        ApiError.invalidField(
            "invalid_value",
            "dimensions",
            "Invalid 'dimensions': %d is not possible with `%s`; %s."
                .formatted(wanted, model.name(), allowed)));
  }

  private static float[] shortened(float[] row, int dimensions, HostedEncoder model) {
    if (dimensions == row.length) {
      return row;
    }
    float[] vector = Arrays.copyOf(row, dimensions);
    if (((EncoderOutput.Vector) model.engine().output()).normalized()) {
      VectorLength.normalize(vector);
    }
    return vector;
  }

  private static EncoderInput input(
      EmbeddingRequest request, Prompt prompt, String field, HostedEncoder model)
      throws ApiException {
    int most = mostTokens(request.truncation(), model);
    return switch (prompt) {
      case Prompt.Text(String text) ->
          switch (request.role()) {
            case InputRole.Document _ -> model.texts().single(text, most);
            case InputRole.Query(String instruction) ->
                model.texts().query(text, instruction, most);
          };
      case Prompt.Tokens(List<Integer> ids) -> {
        int[] tokens = ids.stream().limit(most).mapToInt(Integer::intValue).toArray();
        int size = model.texts().tokenizer().vocabularySize();
        for (int token : tokens) {
          if (token >= size) {
            throw new ApiException(
                ApiError.invalidField(
                    "invalid_value",
                    field,
                    "Invalid '%s': token %d is not one of the model's, which run from 0 to %d."
                        .formatted(field, token, size - 1)));
          }
        }
        yield EncoderInput.of(tokens);
      }
    };
  }

  private static int mostTokens(Truncation truncation, HostedEncoder model) {
    return switch (truncation) {
      case Truncation.Refuse _ -> Integer.MAX_VALUE;
      case Truncation.ToContext _ -> model.engine().contextTokens();
      case Truncation.ToTokens(int tokens) -> Math.min(tokens, model.engine().contextTokens());
    };
  }

  private static EncoderInput fitting(EncoderInput input, String field, HostedEncoder model)
      throws ApiException {
    int context = model.engine().contextTokens();
    if (input.tokens().length > context) {
      throw new ApiException(
          ApiError.contextExceeded(
              field,
              new ContextOverflow(context, input.tokens().length),
              "This model's maximum context length is %d tokens, but your %s resulted in %d tokens; split it, or send \"truncate_prompt_tokens\": -1 to have its end cut off."
                  .formatted(context, field, input.tokens().length)));
    }
    return input;
  }

  private static Encoding submit(
      HostedEncoder model, List<EncoderInput> inputs, Principal asker, WorkWitness witness)
      throws EngineBusyException {
    boolean taken = false;
    try {
      Encoding encoding = model.engine().submit(asker.id(), inputs, witness);
      taken = true;
      return encoding;
    } finally {
      if (!taken) {
        witness.ended(new WorkWitness.Work(0, 0, 0));
      }
    }
  }

  private static RunningEncoding submit(
      HostedEncoder model,
      List<EncoderInput> inputs,
      Principal asker,
      ServiceClass serviceClass,
      Metering meters)
      throws ApiException {
    long tokens = inputs.stream().mapToLong(input -> input.tokens().length).sum();
    Metering.Admitted admitted =
        meters.admit(new Metering.Request(asker, model.name(), serviceClass, tokens, tokens, 0, 1));
    RequestTimeline.current().submittedTo(model.name());
    boolean begun = false;
    try {
      Encoding encoding = submit(model, inputs, asker, admitted.witness("model " + model.name()));
      begun = true;
      return new RunningEncoding(model.name(), encoding, tokens, admitted);
    } catch (EngineBusyException e) {
      throw new ApiException(
          ApiError.tooMany(
              "The model `%s` is busy: %s.".formatted(model.name(), e.getMessage()),
              e.retryAfterSeconds()));
    } catch (PromptTooLongException e) {
      throw new IllegalStateException("lengths are checked before", e);
    } catch (IllegalStateException e) {
      LOG.warn("{} takes no requests", model.name(), e);
      throw new ApiException(
          ApiError.unavailable(
              "model_unavailable",
              "The model `%s` takes no requests now.".formatted(model.name()),
              5));
    } finally {
      if (!begun) {
        admitted.abandon();
      }
    }
  }

  /** The most relevant first; of equals, the one that the client named first. */
  private static List<RerankAnswer.Result> ordered(RerankRequest request, float[][] scores) {
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(Comparator.<Integer>comparingDouble(i -> -scores[i][0]))
        .limit(request.top())
        .map(i ->
            new RerankAnswer.Result(
                i,
                probability(scores[i][0]),
                request.returnDocuments()
                    ? Optional.of(request.documents().get(i))
                    : Optional.empty()))
        .toList();
  }

  /** The logistic function: what such models are trained with. */
  private static double probability(float logit) {
    return 1 / (1 + StrictMath.exp(-logit));
  }

  private String id() {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    return "rerank-" + HexFormat.of().formatHex(id);
  }

  /** A route's answer, told by the name that the client used. */
  private record Told<A>(
      Pending<EncoderAnswer> routed, Metering.Admitted admitted, Function<EncoderAnswer, A> telling)
      implements Pending<A> {
    @Override
    public A answer() throws InterruptedException, ApiException {
      EncoderAnswer answer = routed.answer();
      int tokens = Math.clamp(answer.usage().promptTokens(), 0, Integer.MAX_VALUE);
      admitted.witness("upstream").ended(new WorkWitness.Work(tokens, 0, 0));
      admitted.computed(tokens);
      return telling.apply(answer);
    }

    @Override
    public void cancel() {
      routed.cancel();
    }

    @Override
    public void tellStopping() {
      routed.tellStopping();
    }

    @Override
    public void close() {
      routed.close();
      admitted.abandon();
    }
  }

  private interface Finish<A> {
    A of(float[][] rows);
  }

  private static <A> Pending<A> pending(RunningEncoding running, Finish<A> finish) {
    return new Pending<>() {
      @Override
      public A answer() throws InterruptedException, ApiException {
        return finish.of(running.results());
      }

      @Override
      public void cancel() {
        running.cancel();
      }

      @Override
      public void tellStopping() {
        running.tellStopping();
      }

      @Override
      public void close() {
        running.close();
      }
    };
  }
}
