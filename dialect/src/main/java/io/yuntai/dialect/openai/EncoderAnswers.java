package io.yuntai.dialect.openai;

import io.yuntai.dialect.EmbeddingAnswer;
import io.yuntai.dialect.RerankAnswer;
import io.yuntai.dialect.Usage;
import io.yuntai.dialect.json.JsonBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/** Vectors and orders of documents to JSON bodies. */
public final class EncoderAnswers {
  /** Of one element as text, with its comma. */
  private static final int ELEMENT_CHARS = 14;

  private EncoderAnswers() {}

  /** A {@code list} of {@code embedding} objects. */
  public static byte[] encode(EmbeddingAnswer answer) {
    int width = answer.vectors().isEmpty() ? 0 : answer.vectors().getFirst().length;
    long expected = 256 + answer.vectors().size() * (64L + (long) width * ELEMENT_CHARS);
    JsonBytes out = new JsonBytes((int) Math.min(expected, 1 << 30));
    out.raw("{\"object\":\"list\",\"data\":[");
    for (int i = 0; i < answer.vectors().size(); i++) {
      out.raw(i == 0 ? "" : ",");
      out.raw("{\"object\":\"embedding\",\"index\":").number(i).raw(",\"embedding\":");
      if (answer.base64()) {
        out.raw("\"").raw(base64(answer.vectors().get(i))).raw("\"");
      } else {
        vector(out, answer.vectors().get(i));
      }
      out.raw("}");
    }
    out.raw("],\"model\":").text(answer.model());
    usage(out, answer.usage());
    return out.raw("}").toBytes();
  }

  private static void vector(JsonBytes out, float[] vector) {
    out.raw("[");
    for (int i = 0; i < vector.length; i++) {
      out.raw(i == 0 ? "" : ",").number(vector[i]);
    }
    out.raw("]");
  }

  /** F32, little-endian. */
  private static byte[] base64(float[] vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return Base64.getEncoder().encode(bytes.array());
  }

  /** Results by relevance; {@code id}, {@code object} and {@code model} as these APIs have them. */
  public static byte[] encode(RerankAnswer answer) {
    JsonBytes out = new JsonBytes(1024).raw("{\"id\":").text(answer.id());
    out.raw(",\"object\":\"list\",\"model\":").text(answer.model()).raw(",\"results\":[");
    boolean first = true;
    for (RerankAnswer.Result result : answer.results()) {
      out.raw(first ? "" : ",").raw("{\"index\":").number(result.index());
      out.raw(",\"relevance_score\":").number(result.relevance());
      result
          .document()
          .ifPresent(document -> out.raw(",\"document\":{\"text\":").text(document).raw("}"));
      out.raw("}");
      first = false;
    }
    out.raw("]");
    usage(out, answer.usage());
    return out.raw("}").toBytes();
  }

  private static void usage(JsonBytes out, Usage usage) {
    out.raw(",\"usage\":{\"prompt_tokens\":").number(usage.promptTokens());
    out.raw(",\"total_tokens\":").number(usage.totalTokens()).raw("}");
  }
}
