package io.yuntai.server.output;

import io.yuntai.engine.grammar.Grammar;
import io.yuntai.engine.grammar.GrammarException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Calls as objects in fenced blocks at an answer's very beginning. Qwen 2.5 Coder writes them where
 * its template asks for tags. Blanks are bounded, so that what is read as a call is what the
 * grammar holds to the tool's schema, and nothing else.
 */
final class FencedCalls {
  static final String FENCE = "```";
  static final String OPENER = "```json";

  private static final String BLANKS = "[ \\t\\r\\n]{0,20}";
  private static final String BETWEEN = "[\\r\\n]{1,4}";

  /** Most calls in one answer. */
  private static final int MAX_CALLS = 128;

  private FencedCalls() {}

  /** All before the arguments, with the groups that {@link CallSyntax} looks for. */
  static Pattern head(String name) {
    return Pattern.compile(head("(?<object>\\{)", "(?<name>" + name + ")") + "(?=\\{)");
  }

  private static String head(String brace, String name) {
    return String.join(
        BLANKS, OPENER, brace, "\"name\"", ":", "\"" + name + "\"", ",", "\"arguments\"", ":", "");
  }

  /** Answers of which text is free, and calls, fenced or after {@code begin}, are held. */
  static Grammar answers(Map<String, Grammar> tools, boolean parallel, String begin, Grammar calls)
      throws GrammarException {
    String names = "(?:" + String.join("|", new TreeMap<>(tools).keySet()) + ")";
    Grammar others = Grammar.textWithOne(begin, calls, head("\\{", names) + "\\{");
    return Grammar.either(List.of(fenced(tools, parallel), others));
  }

  private static Grammar fenced(Map<String, Grammar> tools, boolean parallel)
      throws GrammarException {
    List<Grammar> each = new ArrayList<>();
    for (Map.Entry<String, Grammar> tool : new TreeMap<>(tools).entrySet()) {
      each.add(
          Grammar.sequence(
              List.of(
                  Grammar.regex(head("\\{", tool.getKey())),
                  tool.getValue(),
                  Grammar.regex(BLANKS + "\\}" + BLANKS + FENCE))));
    }
    Grammar call = Grammar.either(each);
    if (!parallel) {
      return call;
    }
    Grammar more = Grammar.sequence(List.of(Grammar.regex(BETWEEN), call));
    return Grammar.sequence(List.of(call, Grammar.repeat(more, 0, MAX_CALLS - 1)));
  }
}
