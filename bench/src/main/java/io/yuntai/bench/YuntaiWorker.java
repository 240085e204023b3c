package io.yuntai.bench;

import io.yuntai.engine.Engine;
import io.yuntai.engine.EngineBusyException;
import io.yuntai.engine.EngineOptions;
import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.LoadedModel;
import io.yuntai.engine.measure.DecoderSpeed;
import io.yuntai.engine.measure.SharedPrefix;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Yuntai's side, a process of its own: {@code YuntaiWorker MODEL THREADS CONTEXT_TOKENS KV_TOKENS
 * KERNEL [PACKED_FOLDER]}. Its protocol is {@link Worker}'s. How a command is measured is the
 * business of {@link io.yuntai.engine.measure}.
 */
public final class YuntaiWorker {
  private static final int OCCUPYING_TOKENS = 8;

  private final LoadedModel model;
  private final DecoderSpeed speed;
  private @Nullable Engine engine;
  private int requests;
  private int filledTokens;

  private YuntaiWorker(LoadedModel model) {
    this.model = model;
    this.speed = new DecoderSpeed(model.decoder());
  }

  /** The process. */
  @SuppressWarnings("SystemOut") // stdout is the protocol
  public static void main(String[] arguments) throws IOException {
    try {
      int threads = Integer.parseInt(arguments[1]);
      int contextTokens = Integer.parseInt(arguments[2]);
      int kvTokens = Integer.parseInt(arguments[3]);
      LoadOptions options =
          new LoadOptions(contextTokens, kvTokens, LoadOptions.DEFAULTS.kvFormat(), threads)
              .withKernel(arguments[4]);
      LoadedModel model =
          LoadedModel.open(
              Path.of(arguments[0]),
              arguments.length > 5 ? options.keepingPacked(Path.of(arguments[5])) : options);
      System.out.println("fact kernel " + model.kernel());
      System.out.println("fact java " + System.getProperty("java.vm.version"));
      System.out.println("ready");
      new YuntaiWorker(model).obey();
    } catch (RuntimeException e) {
      System.out.println("error " + String.valueOf(e.getMessage()).replace('\n', ' '));
      throw e;
    }
  }

  @SuppressWarnings("SystemOut") // stdout is the protocol
  private void obey() throws IOException {
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String order = orders.readLine();
        order != null && !order.equals("quit");
        order = orders.readLine()) {
      long[] nanos = perform(order);
      System.out.println(
          Arrays.stream(nanos)
              .mapToObj(Long::toString)
              .collect(Collectors.joining(" ", "nanos ", "")));
    }
    if (engine != null) {
      engine.close();
    } else {
      model.decoder().close();
    }
  }

  private long[] perform(String order) {
    String[] words = order.split(" ");
    int[] n = Arrays.stream(words).skip(1).mapToInt(Integer::parseInt).toArray();
    return switch (words[0]) {
      case "prefill" -> new long[] {speed.prefill(n[0])};
      case "decode" -> new long[] {speed.decode(n[0], n[1], n[2])};
      case "deep" -> new long[] {deep(n[0], n[1])};
      case "occupy" -> new long[] {speed.decode(1, n[0] - OCCUPYING_TOKENS, OCCUPYING_TOKENS)};
      case "prefix" -> firstTokens(new SharedPrefix(n[0], n[1], n[2], n[3]));
      default -> throw new BenchException("this is no command: " + order);
    };
  }

  private long deep(int depth, int tokens) {
    if (filledTokens < depth) {
      speed.fill(depth);
      filledTokens = depth;
    }
    return speed.decodeAt(depth, tokens);
  }

  /** By a whole engine, with its scheduler, which owns the decoder from then on. */
  private long[] firstTokens(SharedPrefix requestsAtOnce) {
    if (engine == null) {
      engine = Engine.start(model.decoder(), model.tokenizer(), EngineOptions.DEFAULTS);
    }
    try {
      return requestsAtOnce.firstTokenNanos(engine, model.tokenizer().vocabularySize(), ++requests);
    } catch (EngineBusyException e) {
      throw new BenchException("the engine takes no more requests: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted", e);
    }
  }
}
