package io.yuntai.dialect.ollama;

import io.yuntai.dialect.EmbeddingAnswer;
import io.yuntai.dialect.json.JsonBytes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Lists of models, what is said of one, and vectors. */
public final class OllamaModels {
  private OllamaModels() {}

  /**
   * A model.
   *
   * @param name the name that requests use
   * @param modified when it came
   * @param family who made it
   * @param digest names its weights; may be empty
   * @param capabilities such as {@code completion}, {@code tools}, {@code embedding}
   */
  public record Card(
      String name, Instant modified, String family, String digest, List<String> capabilities) {
    /** Copies the list. */
    public Card {
      capabilities = List.copyOf(capabilities);
    }
  }

  /** {@code /api/tags}: those that are here. */
  public static byte[] encodeTags(List<Card> cards) {
    return encode(cards, "");
  }

  /** {@code /api/ps}: those in memory, which are the same. */
  public static byte[] encodeRunning(List<Card> cards, Instant until) {
    return encode(cards, until.toString());
  }

  private static byte[] encode(List<Card> cards, String until) {
    JsonBytes out = new JsonBytes(512).raw("{\"models\":[");
    for (int i = 0; i < cards.size(); i++) {
      Card card = cards.get(i);
      out.raw(i == 0 ? "" : ",").raw("{\"name\":").text(card.name());
      out.raw(",\"model\":").text(card.name());
      out.raw(",\"modified_at\":").text(card.modified().toString());
      out.raw(",\"size\":0,\"digest\":").text(card.digest());
      details(out, card);
      if (!until.isEmpty()) {
        out.raw(",\"expires_at\":").text(until).raw(",\"size_vram\":0");
      }
      out.raw("}");
    }
    return out.raw("]}").toBytes();
  }

  private static void details(JsonBytes out, Card card) {
    out.raw(",\"details\":{\"parent_model\":\"\",\"format\":\"gguf\",\"family\":");
    out.text(card.family()).raw(",\"families\":").value(List.of(card.family()));
    out.raw(",\"parameter_size\":\"\",\"quantization_level\":\"\"}");
  }

  /** {@code /api/show}. */
  public static byte[] encodeShow(Card card) {
    JsonBytes out = new JsonBytes(512).raw("{\"modelfile\":\"\",\"parameters\":\"\"");
    out.raw(",\"template\":\"\"");
    details(out, card);
    out.raw(",\"model_info\":{\"general.architecture\":").text(card.family());
    out.raw("},\"capabilities\":").value(card.capabilities());
    return out.raw(",\"modified_at\":").text(card.modified().toString()).raw("}").toBytes();
  }

  /** {@code /api/embed}. */
  public static byte[] encode(EmbeddingAnswer answer, Duration taken) {
    JsonBytes out = new JsonBytes(4096).raw("{\"model\":").text(answer.model());
    out.raw(",\"embeddings\":[");
    for (int i = 0; i < answer.vectors().size(); i++) {
      out.raw(i == 0 ? "" : ",");
      vector(out, answer.vectors().get(i));
    }
    out.raw("],\"total_duration\":").number(taken.toNanos());
    out.raw(",\"load_duration\":0,\"prompt_eval_count\":").number(answer.usage().promptTokens());
    return out.raw("}").toBytes();
  }

  /** The older {@code /api/embeddings}, of one text. */
  public static byte[] encodeSingle(EmbeddingAnswer answer) {
    JsonBytes out = new JsonBytes(4096).raw("{\"embedding\":");
    vector(out, answer.vectors().getFirst());
    return out.raw("}").toBytes();
  }

  private static void vector(JsonBytes out, float[] vector) {
    out.raw("[");
    for (int i = 0; i < vector.length; i++) {
      out.raw(i == 0 ? "" : ",").number(vector[i]);
    }
    out.raw("]");
  }
}
