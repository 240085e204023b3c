package io.yuntai.server.output;

import io.yuntai.engine.grammar.Grammar;
import io.yuntai.engine.grammar.GrammarException;
import io.yuntai.engine.grammar.schema.MemberTags;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a family of models writes calls of tools. The formats are those of the families' published
 * chat templates: what a template shows a model is what it writes.
 */
public final class CallSyntax {
  /** Parts of the patterns below. */
  private static final class Patterns {
    static final String NAME = "[a-zA-Z0-9_-]{1,64}";
    static final Pattern NOTHING = Pattern.compile("(?!)");

    /** An object that gives the name and then the arguments. */
    static Pattern named(String opening) {
      return Pattern.compile(
          opening
              + "(?<object>\\{)\\s*(?:\"type\"\\s*:\\s*\"function\"\\s*,\\s*)?"
              + "\"name\"\\s*:\\s*\"(?<name>"
              + NAME
              + ")\"\\s*,\\s*\"(?:arguments|parameters)\"\\s*:\\s*(?=\\{)");
    }
  }

  /** Hermes, Qwen 2.5, Qwen 3, SmolLM 3: for each call an object between tags. */
  public static final CallSyntax HERMES =
      new CallSyntax(
          "hermes",
          List.of("<tool_call>"),
          List.of(),
          List.of("</tool_call>"),
          Patterns.named("<tool_call>\\s*"),
          Pattern.compile("<tool_call>\\s*(?=\\{)"),
          false,
          List.of("<tool_call>", "</tool_call>"),
          new CallSpelling(
              "<tool_call>",
              "",
              "\n{\"name\": \"",
              "\", \"arguments\": ",
              "}\n</tool_call>",
              "\n<tool_call>",
              "",
              "",
              true));

  /** Qwen 3 Coder: for each call a function between tags, and in it each argument. */
  public static final CallSyntax QWEN_CODER =
      new CallSyntax(
          "qwen-coder",
          // The model leaves the outer tag out at times.
          List.of("<tool_call>", "<function="),
          List.of(),
          List.of("</tool_call>"),
          Pattern.compile("(?:<tool_call>\\s*)?<function=(?<bare>" + Patterns.NAME + ")>"),
          Patterns.NOTHING,
          false,
          List.of("<tool_call>", "</tool_call>"),
          new CallSpelling(
              "<tool_call>",
              "",
              "\n<function=",
              ">\n",
              "\n</tool_call>",
              "\n<tool_call>",
              "",
              "<function=",
              false));

  /** What {@link #HERMES} may turn out to be at an answer's beginning. */
  private static final CallSyntax FENCED =
      new CallSyntax(
          "fenced",
          List.of(FencedCalls.OPENER),
          List.of(),
          List.of(FencedCalls.FENCE),
          FencedCalls.head(Patterns.NAME),
          Patterns.NOTHING,
          false,
          List.of(),
          HERMES.spelling);

  /** Llama 3.1 and later: the answer is an object, or several one after the other. */
  public static final CallSyntax LLAMA =
      new CallSyntax(
          "llama",
          List.of("<|python_tag|>", "{"),
          List.of("{"),
          List.of(";", ","),
          Patterns.named("(?:<\\|python_tag\\|>\\s*)?"),
          Pattern.compile("(?:<\\|python_tag\\|>\\s*)?(?=\\{)"),
          true,
          List.of("<|python_tag|>"),
          new CallSpelling(
              "{\"name\": \"",
              "",
              "",
              "\", \"parameters\": ",
              "}",
              "; {\"name\": \"",
              "",
              "",
              false));

  /** Mistral: a list of objects, or (from 2025 on) a name and an object for each call. */
  public static final CallSyntax MISTRAL =
      new CallSyntax(
          "mistral",
          List.of("[TOOL_CALLS]"),
          List.of("{"),
          List.of(",", "]"),
          Pattern.compile(
              Patterns.named("(?:\\[TOOL_CALLS]\\s*\\[?\\s*)?").pattern()
                  + "|\\[TOOL_CALLS]\\s*(?<bare>"
                  + Patterns.NAME
                  + ")(?:\\[ARGS])?\\s*(?=\\{)"),
          Pattern.compile("(?:\\[TOOL_CALLS]\\s*\\[?\\s*)?(?=\\{)"),
          false,
          List.of("[TOOL_CALLS]", "[ARGS]"),
          new CallSpelling(
              "[TOOL_CALLS]",
              "[",
              "{\"name\": \"",
              "\", \"arguments\": ",
              "}",
              ", ",
              "]",
              "",
              false));

  /** DeepSeek V3 and R1: a type, a name and a fenced object between control tokens. */
  public static final CallSyntax DEEPSEEK_FENCED =
      deepSeek("deepseek-fenced", "function<｜tool▁sep｜>", "\n```json\n", "\n```", "\n");

  /** DeepSeek V3.1: a name and an object between control tokens. */
  public static final CallSyntax DEEPSEEK = deepSeek("deepseek", "", "<｜tool▁sep｜>", "", "");

  private static CallSyntax deepSeek(
      String name, String type, String fence, String fenceEnd, String between) {
    String begin = "<｜tool▁calls▁begin｜>";
    String call = "<｜tool▁call▁begin｜>";
    String separator = "<｜tool▁sep｜>";
    String callEnd = "<｜tool▁call▁end｜>";
    String end = "<｜tool▁calls▁end｜>";
    return new CallSyntax(
        name,
        List.of(begin, call),
        List.of(),
        List.of("```", callEnd, end),
        // Of both kinds: models that saw one in training may write the other.
        Pattern.compile(
            "(?:%1$s\\s*)?%2$s(?:function%3$s(?<fenced>%4$s)\\s*```json\\s*|(?<bare>%4$s)%3$s\\s*)(?=\\{)"
                .formatted(begin, call, separator, Patterns.NAME)),
        Patterns.NOTHING,
        false,
        List.of(begin, call, separator, callEnd, end),
        new CallSpelling(
            begin, "", call + type, fence, fenceEnd + callEnd, between, end, "", false));
  }

  private static final List<String> NAMES = List.of("name", "bare", "fenced");

  private final String name;
  private final List<String> openers;
  private final List<String> nextOpeners;
  private final List<String> separators;
  private final Pattern head;
  private final Pattern beforeObject;
  private final boolean onlyAtStart;
  private final List<String> markers;
  private final CallSpelling spelling;

  private CallSyntax(
      String name,
      List<String> openers,
      List<String> nextOpeners,
      List<String> separators,
      Pattern head,
      Pattern beforeObject,
      boolean onlyAtStart,
      List<String> markers,
      CallSpelling spelling) {
    this.name = name;
    this.openers = openers;
    this.nextOpeners = nextOpeners;
    this.separators = separators;
    this.head = head;
    this.beforeObject = beforeObject;
    this.onlyAtStart = onlyAtStart;
    this.markers = markers;
    this.spelling = spelling;
  }

  /** The syntax that a chat template teaches; none where it knows no tools, or we not its way. */
  public static Optional<CallSyntax> of(String template) {
    if (template.contains("<｜tool▁calls▁begin｜>")) {
      return Optional.of(template.contains("```json") ? DEEPSEEK_FENCED : DEEPSEEK);
    }
    if (template.contains("[TOOL_CALLS]")) {
      return Optional.of(MISTRAL);
    }
    if (template.contains("<tool_call>")) {
      return Optional.of(template.contains("<function=") ? QWEN_CODER : HERMES);
    }
    return template.contains("<|start_header_id|>") && template.contains("tool_calls")
        ? Optional.of(LLAMA)
        : Optional.empty();
  }

  /** Texts with which the first call begins. */
  List<String> openers() {
    return openers;
  }

  /** Texts with which a call may begin, too, that follows another. */
  List<String> nextOpeners() {
    return nextOpeners;
  }

  /** What stands between and after calls, beside blanks. */
  List<String> separators() {
    return separators;
  }

  /** Whether a call must be the answer's very beginning: its opener is nothing special. */
  boolean onlyAtStart() {
    return onlyAtStart;
  }

  /** How arguments stand between tags; none where they are a JSON object. */
  public Optional<MemberTags> tags() {
    return this == QWEN_CODER ? Optional.of(TaggedArguments.TAGS) : Optional.empty();
  }

  /** Another way in which calls may be written at an answer's very beginning. */
  Optional<CallSyntax> atStart() {
    return spelling.mayBeFenced() && this != FENCED ? Optional.of(FENCED) : Optional.empty();
  }

  /** Control tokens of the format, as vocabularies spell them, that are part of the text here. */
  public List<String> markers() {
    return markers;
  }

  /**
   * Answers that may call tools, free text around the calls included.
   *
   * @param tools the arguments of each tool by its name
   * @param mustCall whether there must be a call
   * @param parallel whether there may be several
   * @param thinksFirst whether text may come before a call that must be there
   * @throws GrammarException when the automaton would be too large
   */
  public Grammar answers(
      Map<String, Grammar> tools, boolean mustCall, boolean parallel, boolean thinksFirst)
      throws GrammarException {
    return spelling.answers(tools, mustCall, parallel, thinksFirst);
  }

  /**
   * A call's beginning: all before its arguments.
   *
   * @param name the tool
   * @param objectStart where the object begins that holds name and arguments; -1 where the
   *     arguments stand alone
   * @param argumentsStart where the arguments begin
   */
  record Head(String name, int objectStart, int argumentsStart) {}

  /** What the beginning of a call may turn out to be. */
  sealed interface Beginning {
    /** Not to be told yet. */
    record Open() implements Beginning {}

    /** All before the arguments is there. */
    record Known(Head head) implements Beginning {}

    /** An object that gives name and arguments in another order or manner. */
    record Whole(int objectStart) implements Beginning {}

    /** No call. */
    record None() implements Beginning {}
  }

  /** Reads the beginning of a text that begins with an opener. */
  @SuppressWarnings("JdkObsolete") // more text may come: what hitEnd is for
  Beginning begin(CharSequence text) {
    Matcher matcher = head.matcher(text);
    if (matcher.lookingAt()) {
      return new Beginning.Known(new Head(name(matcher), objectStart(matcher), matcher.end()));
    }
    if (matcher.hitEnd()) {
      return new Beginning.Open();
    }
    Matcher before = beforeObject.matcher(text);
    return before.lookingAt() ? new Beginning.Whole(before.end()) : new Beginning.None();
  }

  private static String name(Matcher matcher) {
    for (String group : NAMES) {
      if (matcher.namedGroups().containsKey(group) && matcher.group(group) != null) {
        return matcher.group(group);
      }
    }
    throw new IllegalStateException("a head without a name");
  }

  private static int objectStart(Matcher matcher) {
    return matcher.namedGroups().containsKey("object") ? matcher.start("object") : -1;
  }

  @Override
  public String toString() {
    return name;
  }
}
