package io.yuntai.dialect.anthropic;

import io.yuntai.dialect.json.JsonBytes;
import java.time.Instant;
import java.util.List;

/** {@code GET /v1/models} and {@code /v1/models/{id}}. */
public final class AnthropicModels {
  private AnthropicModels() {}

  /**
   * A model in the list.
   *
   * @param id the name that requests use
   * @param createdEpochSeconds when it came
   */
  public record Card(String id, long createdEpochSeconds) {}

  /** All models, on one page. */
  public static byte[] encodeList(List<Card> cards) {
    JsonBytes out = new JsonBytes(256).raw("{\"data\":[");
    for (int i = 0; i < cards.size(); i++) {
      out.raw(i == 0 ? "" : ",");
      card(out, cards.get(i));
    }
    out.raw("],\"has_more\":false,\"first_id\":");
    idOrNull(out, cards.isEmpty() ? List.of() : List.of(cards.getFirst()));
    out.raw(",\"last_id\":");
    idOrNull(out, cards.isEmpty() ? List.of() : List.of(cards.getLast()));
    return out.raw("}").toBytes();
  }

  /** One model. */
  public static byte[] encode(Card card) {
    JsonBytes out = new JsonBytes(128);
    card(out, card);
    return out.toBytes();
  }

  private static void idOrNull(JsonBytes out, List<Card> card) {
    if (card.isEmpty()) {
      out.raw("null");
    } else {
      out.text(card.getFirst().id());
    }
  }

  private static void card(JsonBytes out, Card card) {
    out.raw("{\"type\":\"model\",\"id\":").text(card.id());
    out.raw(",\"display_name\":").text(card.id()).raw(",\"created_at\":");
    out.text(Instant.ofEpochSecond(card.createdEpochSeconds()).toString()).raw("}");
  }
}
