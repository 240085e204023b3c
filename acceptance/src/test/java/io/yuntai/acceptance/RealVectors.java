package io.yuntai.acceptance;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a real model says under its weights dequantised to F32 (the ideal), and how far llama.cpp's
 * quantised arithmetic is from that.
 */
record RealVectors(List<Text> texts, List<Chat> chats) {

  /**
   * A text.
   *
   * @param likeliest for each token the 32 likeliest next ids under the ideal, best first
   * @param llamaCppKl llama.cpp's mean divergence from the ideal, in nats a token
   */
  record Text(
      String name,
      String text,
      int[] tokens,
      List<List<IdealLogprob>> likeliest,
      double llamaCppKl) {}

  /**
   * @param id a token
   * @param logprob its natural log-probability under the ideal
   */
  record IdealLogprob(int id, double logprob) {}

  /**
   * A conversation.
   *
   * @param rendered it as text in ChatML, without a default system message
   * @param tokens that text's, control tokens included
   * @param answer ids of the ideal's greedy answer, cut off or with its end token
   */
  record Chat(List<Map<String, Object>> messages, String rendered, int[] tokens, int[] answer) {}

  /** Of a model by its name in the catalogue. */
  static RealVectors of(String model) throws IOException {
    String resource = model.replace(':', '-') + ".json";
    try (InputStream in =
        Objects.requireNonNull(RealVectors.class.getResourceAsStream(resource), resource)) {
      JsonNode root = JsonMapper.shared().readTree(in);
      List<Text> texts = new ArrayList<>();
      root.get("texts").properties().forEach(e -> texts.add(text(e.getKey(), e.getValue())));
      List<Chat> chats = new ArrayList<>();
      root.get("chats").forEach(chat -> chats.add(chat(chat)));
      return new RealVectors(texts, chats);
    }
  }

  private static Text text(String name, JsonNode node) {
    List<List<IdealLogprob>> likeliest = new ArrayList<>();
    for (JsonNode token : node.get("top")) {
      List<IdealLogprob> ids = new ArrayList<>();
      token.forEach(
          pair -> ids.add(new IdealLogprob(pair.get(0).intValue(), pair.get(1).doubleValue())));
      likeliest.add(ids);
    }
    return new Text(
        name,
        node.get("text").stringValue(),
        ints(node.get("tokens")),
        likeliest,
        node.get("llamacpp_kl").doubleValue());
  }

  private static Chat chat(JsonNode node) {
    List<Map<String, Object>> messages = new ArrayList<>();
    for (JsonNode message : node.get("messages")) {
      Map<String, Object> map = new HashMap<>();
      message.properties().forEach(e -> map.put(e.getKey(), e.getValue().stringValue()));
      messages.add(map);
    }
    return new Chat(
        messages,
        node.get("rendered").stringValue(),
        ints(node.get("tokens")),
        ints(node.get("ideal").get("ids")));
  }

  static int[] ints(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
  }
}
