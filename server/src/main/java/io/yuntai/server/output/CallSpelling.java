package io.yuntai.server.output;

import io.yuntai.engine.grammar.Grammar;
import io.yuntai.engine.grammar.GrammarException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a model is to write calls, to the character, where its answer is held to its tools' schemas.
 *
 * @param begin what calls begin with; free text never holds it
 * @param list what follows before the first call
 * @param name what stands before a tool's name
 * @param arguments what stands between name and arguments
 * @param end what follows the arguments
 * @param between what stands between two calls
 * @param close what follows the last call
 * @param bare what calls are taken to begin with, too, the name next; empty for nothing. Free text
 *     never holds it either
 * @param mayBeFenced whether calls are taken as {@link FencedCalls}, too
 */
record CallSpelling(
    String begin,
    String list,
    String name,
    String arguments,
    String end,
    String between,
    String close,
    String bare,
    boolean mayBeFenced) {
  /** Most calls in one answer. */
  private static final int MAX_CALLS = 128;

  /** As {@link CallSyntax#answers}. */
  Grammar answers(
      Map<String, Grammar> tools, boolean mustCall, boolean parallel, boolean thinksFirst)
      throws GrammarException {
    Grammar calls = calls(name, tools, parallel);
    if (mustCall && !thinksFirst) {
      return Grammar.sequence(List.of(Grammar.literal(begin), calls));
    }
    if (mayBeFenced && !mustCall && !thinksFirst) {
      return FencedCalls.answers(tools, parallel, begin, calls);
    }
    return bare.isEmpty()
        ? Grammar.textWith(begin, calls, mustCall ? 1 : 0, 1)
        : textWithBare(calls, tools, mustCall, parallel);
  }

  /** Free text, with calls after either of their beginnings, of which neither ends like a part. */
  private Grammar textWithBare(
      Grammar calls, Map<String, Grammar> tools, boolean mustCall, boolean parallel)
      throws GrammarException {
    Grammar text = Grammar.textWithout(List.of(begin, bare));
    Grammar bareCalls =
        Grammar.sequence(List.of(Grammar.literal(bare), calls("", tools, parallel)));
    Grammar either =
        Grammar.either(
            List.of(Grammar.sequence(List.of(Grammar.literal(begin), calls)), bareCalls));
    Grammar turn = Grammar.sequence(List.of(text, either));
    return Grammar.sequence(List.of(Grammar.repeat(turn, mustCall ? 1 : 0, 1), text));
  }

  /**
   * All after the beginning.
   *
   * @param first what stands before the first tool's name
   */
  private Grammar calls(String first, Map<String, Grammar> tools, boolean parallel)
      throws GrammarException {
    List<Grammar> parts = new ArrayList<>();
    if (!list.isEmpty()) {
      parts.add(Grammar.literal(list));
    }
    parts.add(call(first, tools));
    if (parallel) {
      Grammar more = Grammar.sequence(List.of(Grammar.literal(end + between), call(name, tools)));
      parts.add(Grammar.repeat(more, 0, MAX_CALLS - 1));
    }
    parts.add(Grammar.literal(end + close));
    return Grammar.sequence(parts);
  }

  private Grammar call(String before, Map<String, Grammar> tools) throws GrammarException {
    List<Grammar> each = new ArrayList<>();
    for (Map.Entry<String, Grammar> tool : new TreeMap<>(tools).entrySet()) {
      Grammar head = Grammar.literal(before + tool.getKey() + arguments);
      each.add(Grammar.sequence(List.of(head, tool.getValue())));
    }
    return Grammar.either(each);
  }
}
