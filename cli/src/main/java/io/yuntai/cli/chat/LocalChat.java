package io.yuntai.cli.chat;

import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.engine.AdapterException;
import io.yuntai.engine.AdapterLimits;
import io.yuntai.engine.ChatPrompt;
import io.yuntai.engine.EngineBusyException;
import io.yuntai.engine.Generation;
import io.yuntai.engine.GenerationEvent;
import io.yuntai.engine.GenerationRequest;
import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.PromptEncoder;
import io.yuntai.engine.WeightsOnDisk;
import io.yuntai.engine.sampling.SamplingParameters;
import io.yuntai.models.store.StoredModel;
import io.yuntai.server.RunningModel;
import io.yuntai.server.SpeculationChoice;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A model loaded into this process. */
final class LocalChat implements ChatModel {
  private final RunningModel model;
  private final PromptEncoder prompts;

  private final String adapter;

  private LocalChat(RunningModel model, String adapter) {
    this.model = model;
    this.adapter = adapter;
    this.prompts = model.prompts();
  }

  /** Loads the model. */
  static LocalChat load(StoredModel stored, LoadOptions options, SpeculationChoice speculation) {
    return new LocalChat(RunningModel.start(stored, options, speculation), "");
  }

  /** Loads the model and an adapter that answers. */
  static LocalChat load(
      StoredModel stored,
      LoadOptions options,
      SpeculationChoice speculation,
      String adapter,
      Path path) {
    AdapterLimits limits = new AdapterLimits(1, Long.MAX_VALUE);
    RunningModel model = RunningModel.start(stored, options, speculation, limits);
    try {
      model.engine().adapters().load(adapter, path);
      return new LocalChat(model, adapter);
    } catch (AdapterException e) {
      model.stop(Duration.ZERO);
      throw new CommandException(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
    } catch (RuntimeException e) {
      model.stop(Duration.ZERO);
      throw e;
    }
  }

  /** What is to be expected where its weights are larger than memory. */
  Optional<WeightsOnDisk> onDisk() {
    return model.loaded().onDisk();
  }

  @Override
  public String name() {
    return adapter.isEmpty() ? model.name() : model.name() + ":" + adapter;
  }

  @Override
  public RunningAnswer ask(List<Turn> conversation, ChatSettings settings) {
    long begin = System.nanoTime();
    List<Map<String, Object>> messages = conversation.stream().map(LocalChat::message).toList();
    int[] prompt = prompts.encodeChat(new ChatPrompt(messages, List.of(), true, Map.of()));
    SamplingParameters sampling =
        new SamplingParameters(
            settings.temperature(),
            settings.topP(),
            settings.topK(),
            0,
            0,
            0,
            Map.of(),
            settings.seed(),
            0);
    try {
      Generation generation =
          model
              .engine()
              .submit(
                  new GenerationRequest(
                          prompt,
                          settings.maxTokens(),
                          sampling,
                          List.of(),
                          -1,
                          false,
                          Long.MAX_VALUE)
                      .by(adapter));
      return new LocalAnswer(generation, begin);
    } catch (EngineBusyException e) {
      throw new CommandException(ExitCode.NO_CAPACITY, String.valueOf(e.getMessage()), e);
    }
  }

  private static Map<String, Object> message(Turn turn) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("role", turn.role());
    message.put("content", turn.content());
    return message;
  }

  @Override
  public void close() {
    model.stop(Duration.ZERO);
  }

  private static final class LocalAnswer implements RunningAnswer {
    private final Generation generation;
    private final long begin;
    private long first;
    private @Nullable AnswerFacts facts;

    LocalAnswer(Generation generation, long begin) {
      this.generation = generation;
      this.begin = begin;
    }

    @Override
    public @Nullable String next() throws InterruptedException {
      if (facts != null) {
        return null;
      }
      return switch (generation.next()) {
        case GenerationEvent.Token token -> {
          first = first == 0 ? System.nanoTime() : first;
          yield token.text();
        }
        case GenerationEvent.Finished finished -> {
          long end = System.nanoTime();
          facts =
              new AnswerFacts(
                  finished.usage().promptTokens(),
                  finished.usage().completionTokens(),
                  (first == 0 ? end : first) - begin,
                  end - begin,
                  finished.reason().name().toLowerCase(Locale.ROOT));
          yield finished.text();
        }
        case GenerationEvent.Failed failed ->
            throw new CommandException(ExitCode.FAILED, failed.message());
      };
    }

    @Override
    public void cancel() {
      generation.cancel();
    }

    @Override
    public AnswerFacts facts() {
      if (facts == null) {
        throw new IllegalStateException("the answer has not ended");
      }
      return facts;
    }

    @Override
    public void close() {
      generation.close();
    }
  }
}
