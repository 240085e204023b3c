package io.yuntai.server.output;

import io.yuntai.engine.grammar.schema.MemberTypes;
import io.yuntai.engine.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a model's answers may hold beside text, as its chat template shows.
 *
 * @param reasons whether it may think before it answers
 * @param calls how it calls tools; empty where it can't
 * @param markers control tokens that have a meaning here, so that they are to be spelled out
 */
public record OutputFormat(boolean reasons, Optional<CallSyntax> calls, Set<Integer> markers) {
  /** Text and nothing else. */
  public static final OutputFormat TEXT = new OutputFormat(false, Optional.empty(), Set.of());

  /** How many of a prompt's last tokens may spell the opening of thoughts, blanks included. */
  private static final int TAIL_TOKENS = 16;

  /** Copies what could change. */
  public OutputFormat {
    markers = Set.copyOf(markers);
  }

  /**
   * The format that a chat template teaches.
   *
   * @param template in Jinja
   */
  public static OutputFormat of(String template, Tokenizer tokenizer) {
    boolean reasons = template.contains(OutputReader.THINK);
    Optional<CallSyntax> calls = CallSyntax.of(template);
    List<String> spellings = new ArrayList<>();
    if (reasons) {
      spellings.add(OutputReader.THINK);
      spellings.add(OutputReader.END_OF_THINK);
    }
    calls.ifPresent(syntax -> spellings.addAll(syntax.markers()));
    return new OutputFormat(reasons, calls, controlTokens(spellings, tokenizer));
  }

  private static Set<Integer> controlTokens(List<String> spellings, Tokenizer tokenizer) {
    Set<Integer> ids = new HashSet<>();
    for (int id = 0; !spellings.isEmpty() && id < tokenizer.vocabularySize(); id++) {
      if (tokenizer.isControl(id) && spellings.contains(tokenizer.spelling(id))) {
        ids.add(id);
      }
    }
    return ids;
  }

  /**
   * A reader of one answer.
   *
   * @param start as {@link #start} says
   * @param tools names that calls may have, with the types of their arguments; empty to read no
   *     calls
   */
  public OutputReader reader(OutputReader.Start start, Map<String, MemberTypes> tools) {
    return new OutputReader(start, tools.isEmpty() ? Optional.empty() : calls, tools);
  }

  /** How an answer to a prompt begins. */
  public OutputReader.Start start(int[] prompt, Tokenizer tokenizer) {
    if (!reasons) {
      return OutputReader.Start.ANSWER;
    }
    int length = Math.min(TAIL_TOKENS, prompt.length);
    int[] tail = new int[length];
    System.arraycopy(prompt, prompt.length - length, tail, 0, length);
    return tokenizer.decode(tail, true).stripTrailing().endsWith(OutputReader.THINK)
        ? OutputReader.Start.REASONING
        : OutputReader.Start.MAYBE_REASONING;
  }
}
