package io.yuntai.engine.checkpoint;

import java.util.ArrayList;
import java.util.List;

/**
 * The steps of a part of {@code tokenizer.json}, such as its pre-tokenizer, one after the other.
 */
final class TokenizerSteps {
  private static final int MAX_STEPS = 64;

  private TokenizerSteps() {}

  /**
   * @param part such as {@code pre_tokenizer}
   * @param members what its sequences call their steps
   */
  static List<Fields> of(Fields tokenizer, String part, String members) {
    List<Fields> steps = new ArrayList<>();
    tokenizer.object(part).ifPresent(step -> collect(step, members, steps));
    return steps;
  }

  private static void collect(Fields step, String members, List<Fields> into) {
    if (into.size() >= MAX_STEPS) {
      throw step.refuse("more than " + MAX_STEPS + " steps follow each other");
    }
    if (type(step).equals("Sequence")) {
      step.objects(members).forEach(each -> collect(each, members, into));
    } else {
      into.add(step);
    }
  }

  static String type(Fields step) {
    return step.text("type").orElse("");
  }

  /** What a step looks for: {@code {"Regex":...}} or {@code {"String":...}}. */
  static String pattern(Fields step) {
    Fields pattern = step.object("pattern").orElseThrow(() -> step.refuse("has no pattern"));
    return pattern.text("Regex").or(() -> pattern.text("String")).orElse("");
  }
}
