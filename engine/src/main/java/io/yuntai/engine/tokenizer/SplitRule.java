package io.yuntai.engine.tokenizer;

import io.yuntai.engine.ModelFormatException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How text is cut into pieces before bytes are merged: {@code tokenizer.ggml.pre}.
 *
 * <p>A rule is a sequence of patterns. Each cuts every piece that the one before it left: its
 * matches become pieces, and so does what lies between them. The patterns are those of the
 * published {@code tokenizer.json} files. {@link Pattern#UNICODE_CHARACTER_CLASS} makes {@code \\s}
 * mean what it means there. All of them run in linear time: they hold no nested repetition, and
 * where one could fail after a long run it can't start again inside that run.
 *
 * @param patterns applied in order
 * @param llama3 Llama 3's two habits: a piece that is a token as a whole is taken as it is,
 *     whatever the merges say; and a text begins with the beginning-of-sequence token where the
 *     file does not say
 */
record SplitRule(List<Pattern> patterns, boolean llama3) {
  private static final String KNOWN =
      "gpt-2, smollm, qwen2, deepseek-r1-qwen, llama-bpe, llama3, llama-v3, deepseek-llm, deepseek-v3";

  private static final String GPT_2 =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

  /** Cased letters as DeepSeek LLM lists them: not all of today's Unicode. */
  private static final String DEEPSEEK_LETTERS =
      "\\x{B5}\\x{C0}-\\x{D6}\\x{D8}-\\x{F6}\\x{F8}-\\x{1BA}\\x{1BC}-\\x{1BF}"
          + "\\x{1C4}-\\x{293}\\x{295}-\\x{2AF}\\x{370}-\\x{373}\\x{376}\\x{377}\\x{37B}-\\x{37D}"
          + "\\x{37F}\\x{386}\\x{388}-\\x{38A}\\x{38C}\\x{38E}-\\x{3A1}\\x{3A3}-\\x{3F5}"
          + "\\x{3F7}-\\x{481}\\x{48A}-\\x{52F}\\x{531}-\\x{556}\\x{10A0}-\\x{10C5}"
          + "\\x{13A0}-\\x{13F5}\\x{13F8}-\\x{13FD}\\x{1C90}-\\x{1CBA}\\x{1CBD}-\\x{1CBF}"
          + "\\x{1D00}-\\x{1D2B}\\x{1D6B}-\\x{1D77}\\x{1D79}-\\x{1D9A}\\x{1E00}-\\x{1F15}"
          + "\\x{1F18}-\\x{1F1D}\\x{1F20}-\\x{1F45}\\x{1F48}-\\x{1F4D}\\x{1F50}-\\x{1F57}"
          + "\\x{1F59}\\x{1F5B}\\x{1F5D}\\x{1F5F}-\\x{1F7D}\\x{1F80}-\\x{1FB4}\\x{1FB6}-\\x{1FBC}"
          + "\\x{1FBE}\\x{1FC2}-\\x{1FC4}\\x{1FC6}-\\x{1FCC}\\x{1FD0}-\\x{1FD3}"
          + "\\x{1FD6}-\\x{1FDB}\\x{1FE0}-\\x{1FEC}\\x{1FF2}-\\x{1FF4}\\x{1FF6}-\\x{1FFC}"
          + "\\x{2102}\\x{2107}\\x{210A}-\\x{2113}\\x{2115}\\x{2119}-\\x{211D}\\x{2124}\\x{2126}"
          + "\\x{2128}\\x{212A}-\\x{212D}\\x{212F}-\\x{2134}\\x{2139}\\x{213C}-\\x{213F}"
          + "\\x{2145}-\\x{2149}\\x{214E}\\x{2183}\\x{2184}\\x{2C00}-\\x{2C7B}\\x{2C7E}-\\x{2CE4}"
          + "\\x{2CEB}-\\x{2CEE}\\x{2CF2}\\x{2CF3}\\x{A640}-\\x{A66D}\\x{A680}-\\x{A69B}"
          + "\\x{A722}-\\x{A76F}\\x{A771}-\\x{A787}\\x{A78B}-\\x{A78E}\\x{AB70}-\\x{ABBF}"
          + "\\x{FB00}-\\x{FB06}\\x{FB13}-\\x{FB17}\\x{FF21}-\\x{FF3A}\\x{FF41}-\\x{FF5A}"
          + "\\x{10400}-\\x{1044F}\\x{104B0}-\\x{104D3}\\x{104D8}-\\x{104FB}\\x{10C80}-\\x{10CB2}"
          + "\\x{10CC0}-\\x{10CF2}\\x{118A0}-\\x{118DF}\\x{1E900}-\\x{1E943}";

  /**
   * The rule that a file names.
   *
   * @throws ModelFormatException if we don't know it, or the file names none
   */
  static SplitRule named(@Nullable String name) {
    return switch (name) {
      case "gpt-2" -> sequence(GPT_2);
      case "smollm" -> sequence("\\p{N}", GPT_2);
      case "qwen2", "deepseek-r1-qwen" -> sequence(cl100k("\\p{N}"));
      case "llama-bpe", "llama3", "llama-v3" -> new SplitRule(compile(cl100k("\\p{N}{1,3}")), true);
      case "deepseek-llm" ->
          sequence(
              "[\\r\\n]",
              // All are letters, so the intersection changes nothing; it spares other characters
              // the
              // walk through the list, and the nesting spares it ASCII letters.
              "\\s?[\\p{L}&&[A-Za-z[" + DEEPSEEK_LETTERS + "]]]+",
              "\\s?[!-/:-~\\x{FF01}-\\x{FF0F}\\x{FF1A}-\\x{FF5E}"
                  + "\\x{2018}-\\x{201F}\\x{3000}-\\x{3002}]+",
              // Published as \s+$; the look-behind and the possessive plus only keep it linear.
              "(?<!\\s)\\s++\\z",
              // Published without the exclusion of white space, which llama.cpp's vectors show.
              "[\\x{800}-\\x{9FA5}\\x{AC00}-\\x{D7FF}&&\\S]+",
              "\\p{N}+");
      case "deepseek-v3" ->
          sequence(
              "\\p{N}{1,3}",
              "[\\x{4E00}-\\x{9FA5}\\x{3040}-\\x{30FF}]+",
              "[!-/:-@\\[-`{-~][A-Za-z]+"
                  + "|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
                  + "| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");
      case null ->
          throw new ModelFormatException(
              "The model file does not name its text splitting rule (tokenizer.ggml.pre), and"
                  + " guessing one would give wrong tokens; use a newer conversion of the model.");
      default ->
          throw new ModelFormatException(
              "The model's text splitting rule (tokenizer.ggml.pre) is \"%s\", which this version does not know; known: %s."
                  .formatted(name, KNOWN));
    };
  }

  /** The pattern of OpenAI's cl100k vocabulary, but for its numbers. */
  private static String cl100k(String numbers) {
    return "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|"
        + numbers
        + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  }

  private static SplitRule sequence(String... patterns) {
    return new SplitRule(compile(patterns), false);
  }

  private static List<Pattern> compile(String... patterns) {
    return Stream.of(patterns)
        .map(pattern -> Pattern.compile(pattern, Pattern.UNICODE_CHARACTER_CLASS))
        .toList();
  }

  /** Where the pieces of {@code text[from, to)} end, in order; the last is {@code to}. */
  IdList split(String text, int from, int to) {
    IdList ends = new IdList();
    ends.add(to);
    for (Pattern pattern : patterns) {
      ends = cut(pattern.matcher(text), from, ends);
    }
    return ends;
  }

  private static IdList cut(Matcher matcher, int from, IdList ends) {
    IdList finer = new IdList();
    int at = from;
    for (int i = 0; i < ends.size(); i++) {
      int end = ends.get(i);
      matcher.region(at, end);
      while (matcher.find()) {
        if (matcher.start() > at) {
          finer.add(matcher.start());
        }
        at = matcher.end();
        finer.add(at);
      }
      if (at < end) {
        finer.add(end);
        at = end;
      }
    }
    return finer;
  }
}
