package io.yuntai.dialect.openai;

import io.yuntai.dialect.json.JsonBytes;
import java.util.List;
import java.util.Optional;

/** {@code GET /v1/models} and {@code /v1/models/{id}}. */
public final class OpenAiModels {
  private OpenAiModels() {}

  /**
   * A model in the list.
   *
   * @param id the name that requests use
   * @param createdEpochSeconds when it came
   * @param ownedBy who made it
   * @param parent the model that an adapter belongs to, as vLLM tells it; empty for a model itself
   */
  public record Card(String id, long createdEpochSeconds, String ownedBy, Optional<String> parent) {
    /** A model itself. */
    public Card(String id, long createdEpochSeconds, String ownedBy) {
      this(id, createdEpochSeconds, ownedBy, Optional.empty());
    }
  }

  /** A {@code list} object. */
  public static byte[] encodeList(List<Card> cards) {
    JsonBytes out = new JsonBytes(256);
    out.raw("{\"object\":\"list\",\"data\":[");
    for (int i = 0; i < cards.size(); i++) {
      out.raw(i == 0 ? "" : ",");
      card(out, cards.get(i));
    }
    return out.raw("]}").toBytes();
  }

  /** A {@code model} object. */
  public static byte[] encode(Card card) {
    JsonBytes out = new JsonBytes(128);
    card(out, card);
    return out.toBytes();
  }

  private static void card(JsonBytes out, Card card) {
    out.raw("{\"id\":").text(card.id()).raw(",\"object\":\"model\",\"created\":");
    out.number(card.createdEpochSeconds()).raw(",\"owned_by\":").text(card.ownedBy());
    card.parent().ifPresent(parent -> out.raw(",\"parent\":").text(parent));
    out.raw("}");
  }
}
