package io.yuntai.bench;

import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.LoadedModel;
import io.yuntai.engine.decoder.Batch;
import io.yuntai.engine.decoder.Decoder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Yuntai's side, a process of its own: {@code YuntaiWorker MODEL THREADS CONTEXT_TOKENS}. Its
 * protocol is {@link Worker}'s.
 *
 * <p>Drives the decoder as llama-bench drives llama.cpp: made-up tokens, no tokenizer, no
 * scheduler.
 */
public final class YuntaiWorker {
  private final Decoder decoder;
  private final int[][] blockTables;
  private final float[][] logits;

  private YuntaiWorker(Decoder decoder, int contextTokens) {
    this.decoder = decoder;
    this.logits = new float[1][decoder.vocabularySize()];
    int[] table = new int[(contextTokens + decoder.blockTokens() - 1) / decoder.blockTokens()];
    for (int i = 0; i < table.length; i++) {
      table[i] = i;
    }
    this.blockTables = new int[][] {table};
  }

  /** The process. */
  @SuppressWarnings("SystemOut") // stdout is the protocol
  public static void main(String[] arguments) throws IOException {
    try {
      int threads = Integer.parseInt(arguments[1]);
      int contextTokens = Integer.parseInt(arguments[2]);
      LoadedModel model =
          LoadedModel.open(
              Path.of(arguments[0]),
              new LoadOptions(
                  contextTokens, contextTokens, LoadOptions.DEFAULTS.kvFormat(), threads));
      try (Decoder decoder = model.decoder()) {
        if (decoder.contextTokens() < contextTokens) {
          throw new BenchException(
              model.name() + " takes " + decoder.contextTokens() + " tokens, not " + contextTokens);
        }
        System.out.println("fact kernel " + model.kernel());
        System.out.println("fact java " + System.getProperty("java.vm.version"));
        System.out.println("ready");
        new YuntaiWorker(decoder, contextTokens).obey();
      }
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
      String[] words = order.split(" ");
      long nanos =
          switch (words[0]) {
            case "prefill" -> prefill(Integer.parseInt(words[1]));
            case "decode" -> decode(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
            default -> throw new BenchException("this is no command: " + order);
          };
      System.out.println("nanos " + nanos);
    }
  }

  private long prefill(int tokens) {
    long start = System.nanoTime();
    read(tokens);
    argMax(logits[0]);
    return System.nanoTime() - start;
  }

  private long decode(int promptTokens, int tokens) {
    read(promptTokens);
    int token = argMax(logits[0]);
    long start = System.nanoTime();
    for (int i = 0; i < tokens; i++) {
      decoder.forward(
          new Batch(
              new int[] {token},
              new int[] {promptTokens + i},
              new int[] {0},
              blockTables,
              new int[] {0}),
          logits);
      token = argMax(logits[0]);
    }
    return System.nanoTime() - start;
  }

  /** Reads a prompt in chunks as large as the decoder takes; logits of the last token alone. */
  private void read(int tokens) {
    for (int first = 0; first < tokens; first += decoder.maxBatchTokens()) {
      int size = Math.min(decoder.maxBatchTokens(), tokens - first);
      int[] ids = new int[size];
      int[] positions = new int[size];
      for (int i = 0; i < size; i++) {
        ids[i] = (int) (((first + i) * 7919L + 11) % decoder.vocabularySize());
        positions[i] = first + i;
      }
      int[] rows = first + size == tokens ? new int[] {size - 1} : new int[0];
      decoder.forward(new Batch(ids, positions, new int[size], blockTables, rows), logits);
    }
  }

  private static int argMax(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best;
  }
}
