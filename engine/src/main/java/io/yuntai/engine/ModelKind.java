package io.yuntai.engine;

import io.yuntai.engine.encoder.BertEncoder;
import io.yuntai.engine.encoder.CausalOutput;
import io.yuntai.engine.encoder.EncoderOutput;
import io.yuntai.engine.gguf.GgufFile;
import java.io.IOException;
import java.nio.file.Path;

/** What a model is for. */
public enum ModelKind {
  /** Goes on with texts and conversations. */
  CHAT("chat"),
  /** Gives a vector for a text. */
  EMBEDDING("embedding"),
  /** Tells how relevant a document is to a query. */
  RERANK("rerank");

  private final String label;

  ModelKind(String label) {
    this.label = label;
  }

  /** What people and programs call it. */
  public String label() {
    return label;
  }

  /**
   * What a file's model is for.
   *
   * @throws ModelFormatException for an encoder whose metadata is damaged
   */
  public static ModelKind of(GgufFile file) {
    String architecture = file.metadata().string("general.architecture");
    if (!architecture.equals(BertEncoder.ARCHITECTURE)) {
      return CausalOutput.of(file).map(causal -> of(causal.output())).orElse(CHAT);
    }
    return of(BertEncoder.output(file));
  }

  private static ModelKind of(EncoderOutput output) {
    return switch (output) {
      case EncoderOutput.Vector _ -> EMBEDDING;
      case EncoderOutput.Score _ -> RERANK;
    };
  }

  /**
   * What a file's model is for.
   *
   * @throws ModelFormatException for a file that is damaged or can't be read
   */
  public static ModelKind of(Path gguf) {
    try (GgufFile file = GgufFile.open(gguf)) {
      return of(file);
    } catch (IOException e) {
      throw new ModelFormatException(gguf + " cannot be read: " + e.getMessage(), e);
    }
  }
}
