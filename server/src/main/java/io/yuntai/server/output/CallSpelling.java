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
    boolean mayBeFenced) {
  /** Most calls in one answer. */
  private static final int MAX_CALLS = 128;

  /** As {@link CallSyntax#answers}. */
  Grammar answers(
      Map<String, Grammar> tools, boolean mustCall, boolean parallel, boolean thinksFirst)
      throws GrammarException {
    Grammar calls = calls(tools, parallel);
    if (mustCall && !thinksFirst) {
      return Grammar.sequence(List.of(Grammar.literal(begin), calls));
    }
    if (mayBeFenced && !mustCall && !thinksFirst) {
      return FencedCalls.answers(tools, parallel, begin, calls);
    }
    return Grammar.textWith(begin, calls, mustCall ? 1 : 0, 1);
  }

  private Grammar calls(Map<String, Grammar> tools, boolean parallel) throws GrammarException {
    List<Grammar> each = new ArrayList<>();
    for (Map.Entry<String, Grammar> tool : new TreeMap<>(tools).entrySet()) {
      Grammar head = Grammar.literal(name + tool.getKey() + arguments);
      each.add(Grammar.sequence(List.of(head, tool.getValue())));
    }
    Grammar call = Grammar.either(each);
    List<Grammar> parts = new ArrayList<>();
    if (!list.isEmpty()) {
      parts.add(Grammar.literal(list));
    }
    parts.add(call);
    if (parallel) {
      Grammar more = Grammar.sequence(List.of(Grammar.literal(end + between), call));
      parts.add(Grammar.repeat(more, 0, MAX_CALLS - 1));
    }
    parts.add(Grammar.literal(end + close));
    return Grammar.sequence(parts);
  }
}
