package io.yuntai.cli.embed;

import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.dialect.InputRole;
import io.yuntai.engine.Encoding;
import io.yuntai.engine.EngineBusyException;
import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.encoder.EncoderInput;
import io.yuntai.engine.encoder.EncoderOutput;
import io.yuntai.models.store.StoredModel;
import io.yuntai.server.RunningEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An embedding model loaded into this process. */
final class LocalEmbedder implements AutoCloseable {
  /** Texts handed to the engine at a time: enough to fill its steps. */
  private static final int TEXTS_AT_ONCE = 256;

  private final RunningEncoder model;

  private LocalEmbedder(RunningEncoder model) {
    this.model = model;
  }

  static LocalEmbedder load(StoredModel stored, LoadOptions options) {
    return new LocalEmbedder(RunningEncoder.start(stored, options));
  }

  /** What takes a text's vector. */
  interface Taker {
    void take(int index, float[] vector);
  }

  String name() {
    return model.name();
  }

  boolean takesInstructions() {
    return model.loaded().texts().takesInstructions();
  }

  EncoderOutput.Vector output() {
    return (EncoderOutput.Vector) model.engine().output();
  }

  /**
   * Computes all vectors, in order; returns how many tokens the texts have.
   *
   * @param role what the texts are embedded for
   * @param truncate whether texts that are too long are cut; else they are refused
   */
  long embed(List<String> texts, InputRole role, boolean truncate, Taker taker)
      throws InterruptedException {
    long tokens = 0;
    for (int from = 0; from < texts.size(); from += TEXTS_AT_ONCE) {
      List<EncoderInput> inputs = new ArrayList<>();
      for (int i = from; i < Math.min(texts.size(), from + TEXTS_AT_ONCE); i++) {
        EncoderInput input = input(texts.get(i), role, i, truncate);
        tokens += input.tokens().length;
        inputs.add(input);
      }
      float[][] vectors = compute(inputs);
      for (int i = 0; i < vectors.length; i++) {
        taker.take(from + i, vectors[i]);
      }
    }
    return tokens;
  }

  private EncoderInput input(String text, InputRole role, int index, boolean truncate) {
    int context = model.engine().contextTokens();
    int most = truncate ? context : Integer.MAX_VALUE;
    EncoderInput input =
        switch (role) {
          case InputRole.Document _ -> model.loaded().texts().single(text, most);
          case InputRole.Query(String instruction) ->
              model.loaded().texts().query(text, instruction, most);
        };
    if (input.tokens().length > context) {
      throw new CommandException(
          ExitCode.USAGE,
          "Text %d has %d tokens, and %s takes %d at most; split it, or cut it with --truncate."
              .formatted(index + 1, input.tokens().length, name(), context));
    }
    return input;
  }

  private float[][] compute(List<EncoderInput> inputs) throws InterruptedException {
    try (Encoding encoding = model.engine().submit("", inputs)) {
      return switch (encoding.await()) {
        case Encoding.Outcome.Done(float[][] results) -> results;
        case Encoding.Outcome.Cancelled _, Encoding.Outcome.Shutdown _ ->
            throw new InterruptedException();
        case Encoding.Outcome.Failed(String message) ->
            throw new CommandException(ExitCode.FAILED, message);
      };
    } catch (EngineBusyException e) {
      throw new CommandException(ExitCode.NO_CAPACITY, String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    model.stop(Duration.ZERO);
  }
}
