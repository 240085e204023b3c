package io.yuntai.bench;

import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.LoadedModel;
import io.yuntai.engine.decoder.Decoder;
import io.yuntai.engine.measure.DecoderSpeed;
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
  private final DecoderSpeed speed;

  private YuntaiWorker(Decoder decoder) {
    this.speed = new DecoderSpeed(decoder);
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
        new YuntaiWorker(decoder).obey();
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
            case "prefill" -> speed.prefill(Integer.parseInt(words[1]));
            case "decode" ->
                speed.decode(1, Integer.parseInt(words[1]), Integer.parseInt(words[2]));
            default -> throw new BenchException("this is no command: " + order);
          };
      System.out.println("nanos " + nanos);
    }
  }
}
