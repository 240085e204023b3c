package io.yuntai.bench;

import io.yuntai.engine.ChatPrompt;
import io.yuntai.engine.Engine;
import io.yuntai.engine.EngineBusyException;
import io.yuntai.engine.EngineOptions;
import io.yuntai.engine.FinishReason;
import io.yuntai.engine.Generation;
import io.yuntai.engine.GenerationEvent;
import io.yuntai.engine.GenerationRequest;
import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.LoadedModel;
import io.yuntai.engine.PromptEncoder;
import io.yuntai.engine.grammar.Grammar;
import io.yuntai.engine.grammar.TokenMasks;
import io.yuntai.engine.grammar.TokenState;
import io.yuntai.engine.sampling.SamplingParameters;
import io.yuntai.engine.speculation.Speculation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/**
 * {@code bench/run structured}: what structured output costs and whether its answers are valid.
 *
 * <p>Documents of fifty schemas are generated at temperature 1 and judged by an independent
 * validator; then each mask of the same documents is timed, first with nothing computed before,
 * then again; last, greedy answers under grammars are timed beside as many free tokens.
 */
@Command(
    name = "structured",
    description = "Generate documents under fifty schemas, judge them, and time the masks.",
    mixinStandardHelpOptions = true)
final class StructuredCommand implements Callable<Integer> {
  private static final int CONTEXT_TOKENS = 2048;
  private static final int AT_ONCE = 16;

  @ParentCommand private @Nullable Main parent;

  @Option(
      names = "--documents",
      defaultValue = "1000",
      description = "How many to generate (default: ${DEFAULT-VALUE}).")
  private int documents;

  @Option(
      names = "--answer",
      paramLabel = "TOKENS",
      defaultValue = "400",
      description = "Longest document (default: ${DEFAULT-VALUE}).")
  private int tokens;

  @Option(names = "--seed", defaultValue = "1", description = "Of the documents.")
  private long seed;

  @Option(
      names = "--log",
      paramLabel = "FILE",
      description =
          "Keep the documents here, one a line. Those that are there already are not generated again, so that a run may be made in several sittings.")
  private @Nullable Path log;

  @Option(
      names = "--sitting",
      paramLabel = "SECONDS",
      defaultValue = "86400",
      description = "After so long no further document begins (default: a day).")
  private int sittingSeconds;

  @Option(names = "--pairs", defaultValue = "10", description = "Timed pairs of answers.")
  private int pairs;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Main options = Objects.requireNonNull(parent);
    Main.warnIfBusy();
    boolean valid = true;
    for (int i = 0; i < options.files().size(); i++) {
      Path file = options.files().get(i);
      LoadedModel model =
          LoadedModel.open(
              file,
              new LoadOptions(
                  CONTEXT_TOKENS,
                  AT_ONCE * CONTEXT_TOKENS,
                  LoadOptions.DEFAULTS.kvFormat(),
                  options.threads()));
      Engine engine =
          Engine.start(
              model.decoder(), model.tokenizer(), EngineOptions.DEFAULTS, new Speculation.Off());
      try {
        valid &= measure(Main.label(options.models().get(i), file), model, engine);
      } finally {
        engine.close();
      }
    }
    return valid ? 0 : 1;
  }

  private boolean measure(String name, LoadedModel model, Engine engine)
      throws IOException, InterruptedException {
    List<TaskSchemas> tasks = TaskSchemas.load();
    TokenMasks masks = TokenMasks.of(model.tokenizer());
    Map<TaskSchemas, Grammar> grammars = new LinkedHashMap<>();
    long start = System.nanoTime();
    tasks.forEach(task -> grammars.put(task, task.grammar()));
    print(
        "%d schemas compiled in %.0f ms"
            .formatted(tasks.size(), (System.nanoTime() - start) / 1e6));
    DocumentLog written =
        new DocumentLog(log, "%s, seed %d, at most %d tokens".formatted(name, seed, tokens));
    write(model, engine, masks, grammars, written);
    boolean valid = judge(tasks, written);
    List<MaskTimes.Held> held = new ArrayList<>();
    for (DocumentLog.Document document : written.documents()) {
      TaskSchemas task = tasks.get(document.number() % tasks.size());
      held.add(new MaskTimes.Held(Objects.requireNonNull(grammars.get(task)), document.ids()));
    }
    int vocabulary = model.tokenizer().vocabularySize();
    print(MaskTimes.of(held, TokenMasks.of(model.tokenizer())).line("first", vocabulary));
    // Once more in the same process, for code that is compiled by now; all masks are forgotten.
    TokenMasks fresh = TokenMasks.of(model.tokenizer());
    print(MaskTimes.of(held, fresh).line("first, code warm", vocabulary));
    print(MaskTimes.of(held, fresh).line("again", vocabulary));
    overhead(model, engine, masks, grammars);
    return valid;
  }

  /** Generates the documents that are not there, some at a time, until the sitting ends. */
  private void write(
      LoadedModel model,
      Engine engine,
      TokenMasks masks,
      Map<TaskSchemas, Grammar> grammars,
      DocumentLog written)
      throws InterruptedException {
    List<TaskSchemas> tasks = List.copyOf(grammars.keySet());
    AtomicInteger next = new AtomicInteger();
    long end = System.nanoTime() + sittingSeconds * 1_000_000_000L;
    Callable<Void> writer =
        () -> {
          int i = next.getAndIncrement();
          for (; i < documents && System.nanoTime() - end < 0; i = next.getAndIncrement()) {
            if (!written.has(i)) {
              TaskSchemas task = tasks.get(i % tasks.size());
              TokenState begin = masks.start(Objects.requireNonNull(grammars.get(task)));
              Answer answer =
                  read(submit(engine, request(model, task, seed + i, tokens).under(begin)));
              written.add(
                  new DocumentLog.Document(
                      written.run(), i, answer.text, answer.ids, answer.finished));
            }
          }
          return null;
        };
    try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Void> done : writers.invokeAll(Collections.nCopies(AT_ONCE, writer))) {
        done.get();
      }
    } catch (ExecutionException e) {
      throw new BenchException("a document could not be generated: " + e.getCause(), e);
    }
  }

  private boolean judge(List<TaskSchemas> tasks, DocumentLog written) {
    SchemaJudge judge = new SchemaJudge();
    int finished = 0;
    int invalid = 0;
    for (DocumentLog.Document document : written.documents()) {
      if (document.finished()) {
        finished++;
        TaskSchemas task = tasks.get(document.number() % tasks.size());
        List<String> errors = judge.errors(task.schema(), document.text());
        if (!errors.isEmpty()) {
          invalid++;
          print("INVALID (%s): %s: %s".formatted(task.topic(), document.text(), errors));
        }
      }
    }
    print(
        "%d of %d documents, %d finished within %d tokens, %d of these invalid"
            .formatted(written.documents().size(), documents, finished, tokens, invalid));
    return invalid == 0;
  }

  /** Answers under grammars beside as many free tokens after the same prompt, by turns. */
  private void overhead(
      LoadedModel model, Engine engine, TokenMasks masks, Map<TaskSchemas, Grammar> grammars)
      throws InterruptedException {
    List<Double> ratios = new ArrayList<>();
    List<TaskSchemas> tasks = List.copyOf(grammars.keySet());
    for (int i = 0; i < pairs; i++) {
      TaskSchemas task = tasks.get(i % tasks.size());
      GenerationRequest held =
          request(model, task, seed + i, tokens)
              .under(masks.start(Objects.requireNonNull(grammars.get(task))));
      int length = read(submit(engine, held)).ids.size();
      if (length >= 16) {
        double free = secondsOf(engine, freely(model, task, seed + i, length));
        double under = secondsOf(engine, held);
        ratios.add(under / free);
      }
    }
    if (!ratios.isEmpty()) {
      print(
          "whole run under a grammar beside as many free tokens: median %.3f of the time, %d pairs (%.3f to %.3f)"
              .formatted(
                  MaskTimes.at(ratios, 0.5),
                  ratios.size(),
                  MaskTimes.at(ratios, 0),
                  MaskTimes.at(ratios, 1)));
    }
  }

  private static double secondsOf(Engine engine, GenerationRequest request)
      throws InterruptedException {
    long before = System.nanoTime();
    read(submit(engine, request));
    return (System.nanoTime() - before) / 1e9;
  }

  private static GenerationRequest freely(
      LoadedModel model, TaskSchemas task, long seed, int length) {
    GenerationRequest request = request(model, task, seed, length);
    return new GenerationRequest(
        request.prompt(), length, request.sampling(), List.of(), -1, true, Long.MAX_VALUE);
  }

  private static GenerationRequest request(
      LoadedModel model, TaskSchemas task, long seed, int most) {
    String question =
        "Write one JSON document about %s that satisfies this JSON Schema. Answer with JSON only.\n%s"
            .formatted(task.topic(), task.schema());
    int[] prompt =
        new PromptEncoder(model.tokenizer(), model.chatTemplate())
            .encodeChat(
                new ChatPrompt(
                    List.of(Map.of("role", "user", "content", question)),
                    List.of(),
                    true,
                    Map.of()));
    SamplingParameters sampling = new SamplingParameters(1, 1, 0, 0, 0, 0, Map.of(), seed, 0);
    return new GenerationRequest(prompt, most, sampling, List.of(), -1, false, Long.MAX_VALUE);
  }

  private record Answer(List<Integer> ids, String text, boolean finished) {}

  private static Generation submit(Engine engine, GenerationRequest request) {
    try {
      return engine.submit(request);
    } catch (EngineBusyException e) {
      throw new BenchException("the engine is busy with something else", e);
    }
  }

  private static Answer read(Generation generation) throws InterruptedException {
    List<Integer> ids = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    while (true) {
      switch (generation.next()) {
        case GenerationEvent.Token token -> {
          ids.add(token.id());
          text.append(token.text());
        }
        case GenerationEvent.Finished end -> {
          text.append(end.text());
          return new Answer(ids, text.toString(), end.reason() == FinishReason.STOP);
        }
        case GenerationEvent.Failed failed -> throw new BenchException(failed.message());
      }
    }
  }

  @SuppressWarnings("SystemOut") // a command's result
  private static void print(String line) {
    System.out.println(line);
  }
}
