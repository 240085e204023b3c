package io.yuntai.server.gateway;

import io.yuntai.dialect.AnswerForm;
import io.yuntai.dialect.AnswerHead;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.CompletionRequest;
import io.yuntai.dialect.GenerationSettings;
import io.yuntai.dialect.ModelRequest;
import io.yuntai.engine.EngineBusyException;
import io.yuntai.engine.Generation;
import io.yuntai.engine.GenerationRequest;
import io.yuntai.engine.ModelKind;
import io.yuntai.engine.PromptTooLongException;
import io.yuntai.engine.UnknownAdapterException;
import io.yuntai.engine.WorkWitness;
import io.yuntai.engine.grammar.TokenState;
import io.yuntai.ledger.prices.ServiceClass;
import io.yuntai.server.output.CallSyntax;
import io.yuntai.server.output.OutputReader.Start;
import io.yuntai.server.telemetry.RequestTimeline;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of one request: its model, its prompt's tokens, its generations. Safe for use by many
 * threads.
 */
public final class Gateway {
  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
  private static final int ID_BYTES = 12;

  private final ModelHost models;
  private final Routing routing;
  private final Routing.Here here = new OwnModels();
  private final Metering metering;
  private final RandomGenerator random;
  private final InstantSource clock;

  /**
   * @param models who may be asked
   * @param routing where requests go whose model's name is a route's
   * @param metering who is let in, and what is counted
   * @param random source of ids and of seeds that a request leaves open; safe for use by many
   *     threads
   * @param clock for {@code created}
   */
  public Gateway(
      ModelHost models,
      Routing routing,
      Metering metering,
      RandomGenerator random,
      InstantSource clock) {
    this.models = models;
    this.routing = routing;
    this.metering = metering;
    this.random = random;
    this.clock = clock;
  }

  /**
   * Starts an answer; the caller closes it.
   *
   * @param request what is asked
   * @param asker who asks; prompts are shared and queues counted by key
   * @throws ApiException for an unknown model, a prompt that the model can't take, a full queue
   */
  public RunningAnswer start(ModelRequest request, Principal asker) throws ApiException {
    return start(request, asker, ServiceClass.REALTIME);
  }

  /**
   * {@link #start(ModelRequest, Principal)} for requests that are served sooner or later than
   * others, which may have prices of its own.
   */
  public RunningAnswer start(ModelRequest request, Principal asker, ServiceClass serviceClass)
      throws ApiException {
    RequestTimeline timeline = RequestTimeline.current();
    timeline.asks(
        request instanceof ChatRequest ? "chat" : "completion",
        request.model(),
        request.delivery().stream());
    asker.requireModel(request.model());
    Optional<RunningAnswer> routed = routing.start(request, asker, here);
    return new ObservedAnswer(
        routed.isEmpty()
            ? generate(request, asker, serviceClass, metering)
            : follow(routed.get(), request, asker, serviceClass),
        request,
        timeline);
  }

  /** Targets are asked when the answer is read: nothing has been sent anywhere yet. */
  private RunningAnswer follow(
      RunningAnswer routed, ModelRequest request, Principal asker, ServiceClass serviceClass)
      throws ApiException {
    boolean admitted = false;
    try {
      int prompts = request instanceof CompletionRequest many ? many.prompts().size() : 1;
      PromptSize size = PromptSize.of(request);
      Metering.Admitted meter =
          metering.admit(metered(request, asker, serviceClass, size, prompts));
      RunningAnswer followed =
          meter.follow(
              new WitnessedAnswer(
                  routed, meter.witness("route " + request.model()), size.likelyTokens()));
      admitted = true;
      return followed;
    } finally {
      if (!admitted) {
        routed.close();
      }
    }
  }

  /** How the limits of requests and of tokens stand for whoever asks for a model. */
  public List<RateLimit> limits(Principal asker, String model) {
    return metering.limits(asker, model);
  }

  private static Metering.Request metered(
      ModelRequest request,
      Principal asker,
      ServiceClass serviceClass,
      PromptSize size,
      int prompts) {
    int answers = request.settings().choices() * prompts;
    long most = (long) request.settings().maxTokens().orElse(Integer.MAX_VALUE) * answers;
    return new Metering.Request(
        asker,
        request.model(),
        serviceClass,
        size.mostTokens(),
        size.likelyTokens(),
        most,
        answers);
  }

  /** Where requests go whose model's name is a route's. */
  public Routing routing() {
    return routing;
  }

  private final class OwnModels implements Routing.Here {
    @Override
    public AnswerHead head(ModelRequest request) {
      return Gateway.this.head(request, Optional.empty());
    }

    @Override
    public RunningAnswer start(ModelRequest request, Principal asker) throws ApiException {
      // What a route sends here is metered as the route's.
      return generate(request, asker, ServiceClass.REALTIME, Metering.NONE);
    }
  }

  private RunningAnswer generate(
      ModelRequest request, Principal asker, ServiceClass serviceClass, Metering meters)
      throws ApiException {
    HostedModel model = model(request.model());
    Prompts prompts =
        switch (request) {
          case ChatRequest chat -> Prompts.of(chat, model);
          case CompletionRequest completion -> Prompts.of(completion, model);
        };
    List<GenerationRequest> generations =
        generations(request.settings(), prompts, model, asker.id());
    List<ChoiceOutput> outputs = new ArrayList<>(generations.size());
    for (int i = 0; i < generations.size(); i++) {
      Start start = start(request, generations.get(i), model);
      Optional<HeldAnswer> held = held(request, start, model);
      if (held.isPresent()) {
        TokenState begin = model.grammars().start(held.get().grammar());
        generations.set(i, generations.get(i).under(begin));
      }
      if (request instanceof ChatRequest) {
        generations.set(i, generations.get(i).showing(model.format().markers()));
        var tools = held.map(HeldAnswer::tools).orElse(Map.of());
        var reader = model.format().reader(start, tools);
        outputs.add(new ChoiceOutput(i, reader, () -> CallIds.fresh(random)));
      } else {
        outputs.add(ChoiceOutput.plain(i));
      }
    }
    long tokens = prompts.totalTokens();
    Metering.Admitted admitted =
        meters.admit(
            metered(
                request,
                asker,
                serviceClass,
                new PromptSize(tokens, tokens),
                prompts.tokens().size()));
    RequestTimeline.current().submittedTo(model.name());
    boolean begun = false;
    try {
      EngineAnswer answer =
          new EngineAnswer(
              head(request, model.fingerprint().get()),
              tokens,
              request.settings().choices(),
              model.tokenizer(),
              outputs,
              submit(generations, prompts, model, admitted));
      begun = true;
      return admitted.follow(answer);
    } finally {
      if (!begun) {
        admitted.abandon();
      }
    }
  }

  /**
   * How many tokens a conversation takes before an answer, with its tools; nothing is generated.
   *
   * @throws ApiException for an unknown model, or what its template can't take
   */
  public long promptTokens(ChatRequest request) throws ApiException {
    return Prompts.of(request, model(request.model())).totalTokens();
  }

  private static Start start(
      ModelRequest request, GenerationRequest generation, HostedModel model) {
    return request instanceof ChatRequest
        ? model.format().start(generation.prompt(), model.tokenizer())
        : Start.ANSWER;
  }

  /** What an answer is held to. */
  private static Optional<HeldAnswer> held(ModelRequest request, Start start, HostedModel model)
      throws ApiException {
    AnswerForm form = request.settings().form();
    if (request instanceof ChatRequest chat && chat.toolUse().allowsCalls()) {
      CallSyntax syntax = model.format().calls().orElseThrow();
      return Optional.of(model.grammars().answers(chat.toolUse(), syntax, form, start));
    }
    return form instanceof AnswerForm.Free
        ? Optional.empty()
        : Optional.of(new HeldAnswer(model.grammars().grammar(form, start), Map.of()));
  }

  /**
   * The model for chat and completions of this name.
   *
   * @throws ApiException 404 with names like it, 400 where the model is of another kind
   */
  public HostedModel model(String name) throws ApiException {
    var found = models.find(name);
    if (found.isEmpty() && routing.listed().stream().anyMatch(r -> r.name().equals(name))) {
      throw new ApiException(
          ApiError.invalidField(
              "invalid_value",
              "model",
              "The model `%s` is a route, and this request needs the tokens of a model of this server."
                  .formatted(name)));
    }
    if (found.isEmpty()) {
      throw new ApiException(models.notOfKind(name, ModelKind.CHAT));
    }
    return found.get();
  }

  private AnswerHead head(ModelRequest request, Optional<String> fingerprint) {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    boolean chat = request instanceof ChatRequest;
    return new AnswerHead(
        chat ? AnswerHead.Kind.CHAT : AnswerHead.Kind.COMPLETION,
        (chat ? "chatcmpl-" : "cmpl-") + HexFormat.of().formatHex(id),
        clock.instant().getEpochSecond(),
        request.model(),
        request.settings().topLogprobs() >= 0,
        fingerprint);
  }

  private List<GenerationRequest> generations(
      GenerationSettings settings, Prompts prompts, HostedModel model, String namespace)
      throws ApiException {
    for (int id : settings.logitBias().keySet()) {
      if (id >= model.tokenizer().vocabularySize()) {
        throw new ApiException(
            ApiError.invalidField(
                "invalid_value",
                "logit_bias." + id,
                "Invalid 'logit_bias.%d': the model's token ids run from 0 to %d."
                    .formatted(id, model.tokenizer().vocabularySize() - 1)));
      }
    }
    long seed = settings.seed().isPresent() ? settings.seed().getAsLong() : random.nextLong();
    RequestTimeline.current().seeded(seed);
    List<GenerationRequest> generations = new ArrayList<>();
    for (int[] prompt : prompts.tokens()) {
      for (int choice = 0; choice < settings.choices(); choice++) {
        generations.add(
            new GenerationRequest(
                namespace,
                prompt,
                settings.maxTokens().orElse(Integer.MAX_VALUE),
                Sampling.of(settings, seed, choice),
                settings.stop(),
                settings.topLogprobs(),
                false,
                Long.MAX_VALUE));
      }
    }
    return generations;
  }

  private static Generation submit(
      GenerationRequest request, HostedModel model, WorkWitness witness)
      throws EngineBusyException {
    boolean taken = false;
    try {
      Generation running = model.generator().submit(request.witnessedBy(witness));
      taken = true;
      return running;
    } finally {
      if (!taken) {
        witness.ended(new WorkWitness.Work(0, 0, 0));
      }
    }
  }

  /** All of them or none. */
  private List<Generation> submit(
      List<GenerationRequest> requests,
      Prompts prompts,
      HostedModel model,
      Metering.Admitted admitted)
      throws ApiException {
    List<Generation> running = new ArrayList<>(requests.size());
    boolean complete = false;
    try {
      for (GenerationRequest request : requests) {
        running.add(submit(request, model, admitted.witness("model " + model.name())));
      }
      complete = true;
      return running;
    } catch (EngineBusyException e) {
      throw new ApiException(
          ApiError.tooMany(
              "The model `%s` is busy: %s.".formatted(model.name(), e.getMessage()),
              e.retryAfterSeconds()));
    } catch (UnknownAdapterException e) {
      // It was unloaded since the model was found.
      throw new ApiException(models.notOfKind(model.name(), ModelKind.CHAT));
    } catch (PromptTooLongException e) {
      throw new ApiException(prompts.tooLong(e));
    } catch (IllegalArgumentException e) {
      throw new ApiException(
          ApiError.invalidField(
              "invalid_value",
              prompts.field(),
              "The model `%s` can't take this request: %s."
                  .formatted(model.name(), e.getMessage())));
    } catch (IllegalStateException e) {
      LOG.warn("{} takes no requests", model.name(), e);
      throw new ApiException(
          ApiError.unavailable(
              "model_unavailable",
              "The model `%s` takes no requests now.".formatted(model.name()),
              5));
    } finally {
      if (!complete) {
        running.forEach(Generation::cancel);
      }
    }
  }
}
