package io.yuntai.engine.checkpoint;

import java.util.ArrayList;
import java.util.List;

/**
 * Recognises how a byte-level tokenizer cuts text, by its patterns, and gives the rule's name in
 * {@code tokenizer.ggml.pre}. An unknown rule is an error, never a guess.
 */
final class PublishedSplitRule {
  private static final String GPT_2 =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

  private static final String CL100K_START =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|";
  private static final String CL100K_END =
      "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  private static final String QWEN_2 = CL100K_START + "\\p{N}" + CL100K_END;
  private static final String LLAMA_3 = CL100K_START + "\\p{N}{1,3}" + CL100K_END;

  private static final String ANY_NUMBER = "\\p{N}";

  private static final List<String> DEEPSEEK_V3 =
      List.of(
          "\\p{N}{1,3}",
          "[\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF]+",
          "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
              + "|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
              + "| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");

  /** How its six steps start; the second lists thousands of letters. */
  private static final List<String> DEEPSEEK_LLM =
      List.of(
          "[\\r\\n]", "\\s?[A-Za-z\u00B5", "\\s?[!-/:-~", "\\s+$", "[\u4E00-\u9FA5", ANY_NUMBER);

  private PublishedSplitRule() {}

  /**
   * The rule's name.
   *
   * @param ignoresMerges whether a piece that is a token as a whole is taken as it is
   * @throws io.yuntai.engine.ModelFormatException for a rule that this engine does not know
   */
  static String name(Fields tokenizer, boolean ignoresMerges) {
    List<String> patterns = patterns(tokenizer);
    if (patterns.equals(List.of(LLAMA_3)) && ignoresMerges) {
      return "llama-bpe";
    }
    if (!ignoresMerges) {
      if (patterns.equals(List.of(QWEN_2))) {
        return "qwen2";
      }
      if (patterns.equals(List.of(GPT_2))) {
        return "gpt-2";
      }
      if (patterns.equals(List.of(ANY_NUMBER, GPT_2))) {
        return "smollm";
      }
      if (patterns.equals(DEEPSEEK_V3)) {
        return "deepseek-v3";
      }
      if (start(patterns, DEEPSEEK_LLM)) {
        return "deepseek-llm";
      }
    }
    throw tokenizer.refuse(
        "text is cut by a rule that this version does not know, and guessing one would give wrong tokens: "
            + abbreviated(String.join("  then  ", patterns))
            + (ignoresMerges ? ", with ignore_merges" : ""));
  }

  private static boolean start(List<String> patterns, List<String> starts) {
    if (patterns.size() != starts.size()) {
      return false;
    }
    for (int i = 0; i < starts.size(); i++) {
      if (!patterns.get(i).startsWith(starts.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static List<String> patterns(Fields tokenizer) {
    List<String> patterns = new ArrayList<>();
    for (Fields step : TokenizerSteps.of(tokenizer, "pre_tokenizer", "pretokenizers")) {
      switch (TokenizerSteps.type(step)) {
        case "Split" -> patterns.add(split(step));
        case "Digits" ->
            patterns.add(step.flag("individual_digits", false) ? ANY_NUMBER : "\\p{N}+");
        case "ByteLevel" -> {
          step.require("add_prefix_space", false);
          if (step.flag("use_regex", true)) {
            patterns.add(GPT_2);
          }
        }
        default ->
            throw step.refuse("the step %s is not supported".formatted(TokenizerSteps.type(step)));
      }
    }
    return patterns;
  }

  /** Matches become pieces, or, said the other way round, what is no match is taken out. */
  private static String split(Fields step) {
    String behaviour = step.text("behavior").orElse("");
    boolean inverted = step.flag("invert", false);
    if (!(behaviour.equals("Isolated") && !inverted)
        && !(behaviour.equals("Removed") && inverted)) {
      throw step.refuse("splitting with the behavior %s is not supported".formatted(behaviour));
    }
    return TokenizerSteps.pattern(step)
        .replace("\r", "\\r")
        .replace("\n", "\\n")
        .replace("\t", "\\t");
  }

  private static String abbreviated(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200) + "...";
  }
}
