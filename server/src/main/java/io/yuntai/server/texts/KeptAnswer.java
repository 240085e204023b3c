package io.yuntai.server.texts;

import io.yuntai.ledger.texts.KeptText;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An answer that was kept: one of the choices of a request.
 *
 * @param text what it says
 * @param reasoning what was thought before; empty for nothing
 * @param calls the tools that it called
 */
public record KeptAnswer(String text, String reasoning, List<Call> calls) {
  private static final JsonMapper JSON = new JsonMapper();

  /** Copies the list. */
  public KeptAnswer {
    calls = List.copyOf(calls);
  }

  /**
   * A call of a tool.
   *
   * @param arguments JSON
   */
  public record Call(String name, String arguments) {}

  /** All choices, in their order. */
  public static List<KeptAnswer> of(KeptText text) {
    List<KeptAnswer> answers = new ArrayList<>();
    for (JsonNode choice : JSON.readTree(text.answered()).path("choices")) {
      List<Call> calls = new ArrayList<>();
      for (JsonNode call : choice.path("calls")) {
        calls.add(new Call(call.path("name").asString(""), call.path("arguments").asString("")));
      }
      answers.add(
          new KeptAnswer(
              choice.path("text").asString(""), choice.path("reasoning").asString(""), calls));
    }
    return answers;
  }

  /** All that the choices say, one below the other, thoughts and calls marked. */
  public static String plain(List<KeptAnswer> answers) {
    StringBuilder all = new StringBuilder();
    for (KeptAnswer answer : answers) {
      all.append(all.isEmpty() ? "" : "\n\n");
      if (!answer.reasoning().isEmpty()) {
        all.append("<think>\n").append(answer.reasoning().strip()).append("\n</think>\n\n");
      }
      all.append(answer.text());
      for (Call call : answer.calls()) {
        all.append(all.isEmpty() ? "" : "\n")
            .append(call.name())
            .append('(')
            .append(call.arguments())
            .append(')');
      }
    }
    return all.toString();
  }
}
