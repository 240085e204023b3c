package io.yuntai.dialect.openai;

import io.yuntai.dialect.TokenLogprob;
import io.yuntai.dialect.TokenLogprob.Scored;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The {@code logprobs} of a choice: chat's shape, or that of text completions. */
final class LogprobReader {
  private LogprobReader() {}

  static List<TokenLogprob> read(JsonNode node) {
    JsonNode content = node.get("content");
    if (content != null && content.isArray()) {
      List<TokenLogprob> tokens = new ArrayList<>(content.size());
      for (JsonNode token : content.values()) {
        tokens.add(new TokenLogprob(scored(token), top(token.get("top_logprobs"))));
      }
      return tokens;
    }
    return legacy(node);
  }

  private static List<Scored> top(@Nullable JsonNode list) {
    List<Scored> top = new ArrayList<>();
    if (list != null && list.isArray()) {
      for (JsonNode one : list.values()) {
        top.add(scored(one));
      }
    }
    return top;
  }

  private static Scored scored(JsonNode node) {
    String text = text(node.get("token"));
    JsonNode listed = node.get("bytes");
    List<Integer> bytes = new ArrayList<>();
    if (listed != null && listed.isArray()) {
      for (JsonNode one : listed.values()) {
        bytes.add(one.isIntegralNumber() ? one.intValue() & 0xFF : 0);
      }
      return new Scored(text, bytes, number(node.get("logprob")));
    }
    return new Scored(text, utf8(text), number(node.get("logprob")));
  }

  private static List<TokenLogprob> legacy(JsonNode node) {
    JsonNode tokens = node.get("tokens");
    JsonNode logprobs = node.get("token_logprobs");
    JsonNode top = node.get("top_logprobs");
    List<TokenLogprob> read = new ArrayList<>();
    for (int i = 0; tokens != null && i < tokens.size(); i++) {
      String text = text(tokens.get(i));
      double logprob = logprobs == null ? 0 : number(logprobs.get(i));
      List<Scored> others = new ArrayList<>();
      JsonNode map = top == null ? null : top.get(i);
      if (map != null && map.isObject()) {
        for (Map.Entry<String, JsonNode> one : map.properties()) {
          others.add(new Scored(one.getKey(), utf8(one.getKey()), number(one.getValue())));
        }
      }
      read.add(new TokenLogprob(new Scored(text, utf8(text), logprob), others));
    }
    return read;
  }

  private static String text(@Nullable JsonNode node) {
    return node != null && node.isString() ? node.stringValue() : "";
  }

  private static double number(@Nullable JsonNode node) {
    return node != null && node.isNumber() ? node.doubleValue() : 0;
  }

  private static List<Integer> utf8(String text) {
    List<Integer> bytes = new ArrayList<>();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      bytes.add(b & 0xFF);
    }
    return bytes;
  }
}
