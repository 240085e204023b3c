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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
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
  private static final int AT_ONCE = 8;

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

  @Option(names = "--pairs", defaultValue = "10", description = "Timed pairs of answers.")
  private int pairs;

  /** One document. */
  private record Document(TaskSchemas task, List<Integer> ids, String text, boolean finished) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    Main options = Objects.requireNonNull(parent);
    Main.warnIfBusy();
    boolean valid = true;
    for (Path file : options.files()) {
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
        valid &= measure(model, engine);
      } finally {
        engine.close();
      }
    }
    return valid ? 0 : 1;
  }

  private boolean measure(LoadedModel model, Engine engine)
      throws IOException, InterruptedException {
    List<TaskSchemas> tasks = TaskSchemas.load();
    TokenMasks masks = TokenMasks.of(model.tokenizer());
    Map<TaskSchemas, Grammar> grammars = new LinkedHashMap<>();
    long start = System.nanoTime();
    tasks.forEach(task -> grammars.put(task, task.grammar()));
    print(
        "%d schemas compiled in %.0f ms"
            .formatted(tasks.size(), (System.nanoTime() - start) / 1e6));
    List<Document> written = new ArrayList<>();
    for (int from = 0; from < documents; from += AT_ONCE) {
      List<Generation> running = new ArrayList<>();
      int to = Math.min(documents, from + AT_ONCE);
      for (int i = from; i < to; i++) {
        TaskSchemas task = tasks.get(i % tasks.size());
        TokenState begin = masks.start(Objects.requireNonNull(grammars.get(task)));
        running.add(submit(engine, request(model, task, 1, seed + i, tokens).under(begin)));
      }
      for (int i = from; i < to; i++) {
        written.add(read(tasks.get(i % tasks.size()), running.get(i - from)));
      }
    }
    boolean valid = judge(written);
    time("first", model, grammars, written, TokenMasks.of(model.tokenizer()));
    // Once more in the same process, for code that is compiled by now; all masks are forgotten.
    TokenMasks fresh = TokenMasks.of(model.tokenizer());
    time("first, code warm", model, grammars, written, fresh);
    time("again", model, grammars, written, fresh);
    overhead(model, engine, masks, grammars);
    return valid;
  }

  private boolean judge(List<Document> written) {
    SchemaJudge judge = new SchemaJudge();
    int finished = 0;
    int invalid = 0;
    for (Document document : written) {
      if (document.finished) {
        finished++;
        List<String> errors = judge.errors(document.task.schema(), document.text);
        if (!errors.isEmpty()) {
          invalid++;
          print("INVALID (%s): %s: %s".formatted(document.task.topic(), document.text, errors));
        }
      }
    }
    print(
        "%d documents, %d finished within %d tokens, %d of these invalid"
            .formatted(written.size(), finished, tokens, invalid));
    return invalid == 0;
  }

  /** Times every mask of the documents' tokens, and every step to the next token. */
  private void time(
      String name,
      LoadedModel model,
      Map<TaskSchemas, Grammar> grammars,
      List<Document> written,
      TokenMasks masks) {
    long[] mask = new long[masks.words()];
    List<Double> maskMicros = new ArrayList<>();
    List<Double> stepMicros = new ArrayList<>();
    for (Document document : written) {
      TokenState state = masks.start(Objects.requireNonNull(grammars.get(document.task)));
      for (int id : document.ids) {
        long before = System.nanoTime();
        state.mask(mask);
        long between = System.nanoTime();
        state = state.accept(id);
        long after = System.nanoTime();
        maskMicros.add((between - before) / 1e3);
        stepMicros.add((after - between) / 1e3);
      }
    }
    print(
        "masks over %,d tokens of a vocabulary of %,d (%s): median %.1f us, p90 %.1f, p99 %.1f, most %.0f; step: median %.1f us, p99 %.1f; mean of both %.1f us a token"
            .formatted(
                maskMicros.size(),
                model.tokenizer().vocabularySize(),
                name,
                at(maskMicros, 0.5),
                at(maskMicros, 0.9),
                at(maskMicros, 0.99),
                at(maskMicros, 1),
                at(stepMicros, 0.5),
                at(stepMicros, 0.99),
                mean(maskMicros) + mean(stepMicros)));
  }

  private static double at(List<Double> values, double share) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get((int) Math.min(sorted.size() - 1, share * sorted.size()));
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
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
          request(model, task, 1, seed + i, tokens)
              .under(masks.start(Objects.requireNonNull(grammars.get(task))));
      int length = read(task, submit(engine, held)).ids.size();
      if (length >= 16) {
        double free = secondsOf(engine, task, freely(model, task, seed + i, length));
        double under = secondsOf(engine, task, held);
        ratios.add(under / free);
      }
    }
    if (!ratios.isEmpty()) {
      print(
          "whole run under a grammar beside as many free tokens: median %.3f of the time, %d pairs (%.3f to %.3f)"
              .formatted(at(ratios, 0.5), ratios.size(), at(ratios, 0), at(ratios, 1)));
    }
  }

  private double secondsOf(Engine engine, TaskSchemas task, GenerationRequest request)
      throws InterruptedException {
    long before = System.nanoTime();
    read(task, submit(engine, request));
    return (System.nanoTime() - before) / 1e9;
  }

  private static GenerationRequest freely(
      LoadedModel model, TaskSchemas task, long seed, int length) {
    GenerationRequest request = request(model, task, 1, seed, length);
    return new GenerationRequest(
        request.prompt(), length, request.sampling(), List.of(), -1, true, Long.MAX_VALUE);
  }

  private static GenerationRequest request(
      LoadedModel model, TaskSchemas task, double temperature, long seed, int most) {
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
    SamplingParameters sampling =
        new SamplingParameters(temperature, 1, 0, 0, 0, 0, Map.of(), seed, 0);
    return new GenerationRequest(prompt, most, sampling, List.of(), -1, false, Long.MAX_VALUE);
  }

  private static Generation submit(Engine engine, GenerationRequest request) {
    try {
      return engine.submit(request);
    } catch (EngineBusyException e) {
      throw new BenchException("the engine is busy with something else", e);
    }
  }

  private static Document read(TaskSchemas task, Generation generation)
      throws InterruptedException {
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
          return new Document(task, ids, text.toString(), end.reason() == FinishReason.STOP);
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
