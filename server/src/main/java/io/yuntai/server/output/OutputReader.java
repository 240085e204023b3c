package io.yuntai.server.output;

import io.yuntai.engine.grammar.schema.MemberTypes;
import io.yuntai.server.output.CallSyntax.Beginning;
import io.yuntai.server.output.CallSyntax.Head;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads one answer's text as it comes. For one thread. */
public final class OutputReader {
  /** Begins thoughts, in all families. */
  public static final String THINK = "<think>";

  /** Ends thoughts. */
  public static final String END_OF_THINK = "</think>";

  /** Of a call before its arguments, blanks included. */
  private static final int MAX_HEAD_CHARS = 4096;

  private static final JsonMapper JSON = new JsonMapper();

  /** How an answer begins. */
  public enum Start {
    /** The model has no thoughts to mark. */
    ANSWER,
    /** The answer may begin with thoughts. */
    MAYBE_REASONING,
    /** The prompt's last words opened the thoughts. */
    REASONING
  }

  private enum State {
    MAYBE_REASONING,
    REASONING_START,
    REASONING,
    ANSWER_START,
    /** Nothing has come that tells an answer of another syntax from one of its own. */
    FIRST,
    TEXT,
    HEAD,
    WHOLE,
    ARGUMENTS,
    TAGGED,
    REST,
    AFTER_CALL,
    TEXT_ONLY
  }

  private @Nullable CallSyntax syntax;

  /** The syntax that is read again once calls in another have ended. */
  private final @Nullable CallSyntax own;

  private final Map<String, MemberTypes> tools;

  /** What has come and is not certain yet. */
  private final StringBuilder pending = new StringBuilder();

  private final List<OutputPart> parts = new ArrayList<>();
  private State state;
  private JsonScanner scanner = new JsonScanner();
  private TaggedArguments tagged = new TaggedArguments(MemberTypes.ANY);

  /** Blanks before what may be a call. */
  private String blanksBefore = "";

  /** Where an object begins that may be a call, in {@link #pending}. */
  private int objectStart;

  /** How far the scanner has read, likewise. */
  private int scanned;

  /** How many levels are open around the arguments: the object's that holds them, or none. */
  private int depthOutside;

  private int calls;

  /**
   * @param start how the answer begins
   * @param syntax how calls are written; none to read no calls
   * @param tools names that calls may have, with the types of their arguments
   */
  @SuppressWarnings("OptionalUsedAsFieldOrParameterType") // as CallSyntax.of gives it
  public OutputReader(Start start, Optional<CallSyntax> syntax, Map<String, MemberTypes> tools) {
    this.syntax = syntax.orElse(null);
    this.own = this.syntax;
    this.tools = Map.copyOf(tools);
    this.state =
        switch (start) {
          case ANSWER -> syntax.flatMap(CallSyntax::atStart).isPresent() ? State.FIRST : text();
          case MAYBE_REASONING -> State.MAYBE_REASONING;
          case REASONING -> State.REASONING_START;
        };
  }

  /** Takes more text; returns the parts that became certain. */
  public List<OutputPart> append(String text) {
    pending.append(text);
    State before;
    int left;
    do {
      before = state;
      left = pending.length();
      step();
    } while (!pending.isEmpty() && (state != before || pending.length() != left));
    return taken();
  }

  /** The end: what is still open is text, or thoughts. */
  public List<OutputPart> finish() {
    String rest = pending.toString();
    pending.setLength(0);
    switch (state) {
      case REASONING_START, REASONING -> reasoning(rest.stripTrailing());
      case ARGUMENTS, REST -> {}
      case TAGGED -> {
        StringBuilder json = new StringBuilder();
        String left = tagged.finish(rest, json);
        argument(json.toString());
        text(left);
      }
      case AFTER_CALL -> text(afterLastCall(rest));
      default -> text(blanksBefore + rest);
    }
    return taken();
  }

  /** Whether thoughts are going on. */
  public boolean isReasoning() {
    return state == State.REASONING || state == State.REASONING_START;
  }

  /** How many calls have begun. */
  public int calls() {
    return calls;
  }

  private List<OutputPart> taken() {
    List<OutputPart> taken = List.copyOf(parts);
    parts.clear();
    return taken;
  }

  private void step() {
    switch (state) {
      case MAYBE_REASONING -> maybeReasoning();
      case REASONING_START -> afterBlanks(State.REASONING);
      case REASONING -> reasoning();
      case ANSWER_START -> afterBlanks(text());
      case FIRST -> first();
      case TEXT -> findCall();
      case HEAD -> head();
      case WHOLE -> whole();
      case ARGUMENTS -> arguments();
      case TAGGED -> tagged();
      case REST -> rest();
      case AFTER_CALL -> afterCall();
      case TEXT_ONLY -> text(take(pending.length()));
    }
  }

  private State text() {
    return syntax == null ? State.TEXT_ONLY : State.TEXT;
  }

  private void maybeReasoning() {
    int start = blanks();
    String begun = pending.substring(start);
    if (begun.startsWith(THINK)) {
      take(start + THINK.length());
      state = State.REASONING_START;
    } else if (!THINK.startsWith(begun)) {
      state = text();
    }
  }

  private void afterBlanks(State next) {
    take(blanks());
    if (!pending.isEmpty()) {
      state = next;
    }
  }

  private void reasoning() {
    int end = pending.indexOf(END_OF_THINK);
    if (end >= 0) {
      reasoning(take(end).stripTrailing());
      take(END_OF_THINK.length());
      state = State.ANSWER_START;
    } else {
      reasoning(take(certain(List.of(END_OF_THINK))));
    }
  }

  private void first() {
    CallSyntax other = requireSyntax().atStart().orElseThrow();
    if (opens(0, other.openers())) {
      syntax = other;
      state = State.HEAD;
    } else if (!isBeginning(0, other.openers())) {
      state = State.TEXT;
    }
  }

  private void findCall() {
    CallSyntax calls = requireSyntax();
    if (calls.onlyAtStart()) {
      int start = blanks();
      if (isBeginning(start, calls.openers())) {
        if (opens(start, calls.openers())) {
          blanksBefore = take(start);
          state = State.HEAD;
        }
      } else {
        state = State.TEXT_ONLY;
      }
      return;
    }
    int found = first(calls.openers());
    if (found >= 0) {
      String before = take(found);
      String text = before.stripTrailing();
      text(text);
      blanksBefore = before.substring(text.length());
      state = State.HEAD;
    } else {
      text(take(certain(calls.openers())));
    }
  }

  private void head() {
    switch (requireSyntax().begin(pending)) {
      case Beginning.Open _ -> {
        if (pending.length() > MAX_HEAD_CHARS) {
          noCall();
        }
      }
      case Beginning.None _ -> noCall();
      case Beginning.Whole whole -> {
        scanner = new JsonScanner();
        objectStart = whole.objectStart();
        scanned = objectStart;
        state = State.WHOLE;
      }
      case Beginning.Known known -> begin(known.head());
    }
  }

  private void begin(Head head) {
    MemberTypes types = tools.get(head.name());
    if (types == null) {
      noCall();
      return;
    }
    if (requireSyntax().tags().isPresent()) {
      take(head.argumentsStart());
      call(head.name());
      tagged = new TaggedArguments(types);
      state = State.TAGGED;
      return;
    }
    scanner = new JsonScanner();
    if (head.objectStart() >= 0) {
      for (int i = head.objectStart(); i < head.argumentsStart(); i++) {
        scanner.next(pending.charAt(i));
      }
    }
    depthOutside = scanner.depth();
    take(head.argumentsStart());
    call(head.name());
    state = State.ARGUMENTS;
  }

  /** Passes arguments on as they come: what they are so far can't change any more. */
  private void arguments() {
    int end = 0;
    while (end < pending.length()) {
      JsonScanner.State now = scanner.next(pending.charAt(end));
      if (now == JsonScanner.State.BROKEN) {
        syntax = own;
        state = State.TEXT;
        break;
      }
      end++;
      if (scanner.depth() == depthOutside) {
        state = depthOutside == 0 ? State.AFTER_CALL : State.REST;
        break;
      }
    }
    argument(take(end));
  }

  private void tagged() {
    StringBuilder json = new StringBuilder();
    TaggedArguments.Progress progress = tagged.read(pending, json);
    argument(json.toString());
    switch (progress) {
      case OPEN -> {}
      case COMPLETE -> state = State.AFTER_CALL;
      case BROKEN -> state = State.TEXT;
    }
  }

  /** The rest of the object that held the arguments: at most an id. */
  private void rest() {
    int end = 0;
    while (end < pending.length() && state == State.REST) {
      JsonScanner.State now = scanner.next(pending.charAt(end));
      if (now != JsonScanner.State.BROKEN) {
        end++;
      }
      if (now != JsonScanner.State.OPEN) {
        state = State.AFTER_CALL;
      }
    }
    take(end);
  }

  /** An object that is understood only when it is complete. */
  private void whole() {
    JsonScanner.State now = JsonScanner.State.OPEN;
    while (scanned < pending.length() && now == JsonScanner.State.OPEN) {
      now = scanner.next(pending.charAt(scanned++));
    }
    if (now == JsonScanner.State.BROKEN) {
      noCall();
    } else if (now == JsonScanner.State.COMPLETE) {
      whole(pending.substring(objectStart, scanned));
    }
  }

  private void whole(String object) {
    JsonNode node;
    try {
      node = JSON.readTree(object);
    } catch (JacksonException _) {
      noCall(); // two fields of one name, a number without end: more than the scanner knows
      return;
    }
    JsonNode name = node.get("name");
    JsonNode arguments = node.has("arguments") ? node.get("arguments") : node.get("parameters");
    if (name == null
        || !name.isString()
        || !tools.containsKey(name.stringValue())
        || arguments == null
        || !arguments.isObject()) {
      noCall();
      return;
    }
    take(scanned);
    call(name.stringValue());
    argument(arguments.toString());
    state = State.AFTER_CALL;
  }

  /** What looked like a call is text; the next one may be a call yet. */
  private void noCall() {
    text(blanksBefore + take(1));
    blanksBefore = "";
    syntax = own;
    state = requireSyntax().onlyAtStart() ? State.TEXT_ONLY : State.TEXT;
  }

  private void afterCall() {
    CallSyntax calls = requireSyntax();
    take(blanks());
    if (opens(0, calls.openers()) || opens(0, calls.nextOpeners())) {
      state = State.HEAD;
      return;
    }
    if (mayBecome(calls.openers())) {
      return; // an opener may begin like a separator
    }
    for (String separator : calls.separators()) {
      if (opens(0, List.of(separator))) {
        take(separator.length());
        return;
      }
    }
    if (!pending.isEmpty() && !isBeginning(0, calls.separators())) {
      syntax = own;
      state = calls.onlyAtStart() ? State.TEXT_ONLY : State.TEXT;
    }
  }

  /** What is left after the last call: nothing where it is what follows calls. */
  private String afterLastCall(String rest) {
    String left = rest.strip();
    return requireSyntax().separators().contains(left) ? "" : left;
  }

  private CallSyntax requireSyntax() {
    if (syntax == null) {
      throw new IllegalStateException("no calls are read here");
    }
    return syntax;
  }

  private int blanks() {
    int i = 0;
    while (i < pending.length() && Character.isWhitespace(pending.charAt(i))) {
      i++;
    }
    return i;
  }

  private boolean opens(int at, List<String> markers) {
    return markers.stream().anyMatch(marker -> pending.indexOf(marker, at) == at);
  }

  /** Whether the text from here on is, or may become, one of these. */
  private boolean isBeginning(int at, List<String> markers) {
    String begun = pending.substring(at);
    return markers.stream().anyMatch(m -> m.startsWith(begun) || begun.startsWith(m));
  }

  /** Whether the text so far is the beginning of one of these, which have not come whole. */
  private boolean mayBecome(List<String> markers) {
    String begun = pending.toString();
    return !begun.isEmpty() && markers.stream().anyMatch(marker -> marker.startsWith(begun));
  }

  private int first(List<String> markers) {
    return markers.stream().mapToInt(pending::indexOf).filter(i -> i >= 0).min().orElse(-1);
  }

  /** Characters before anything that may become one of these, and before the blanks before it. */
  private int certain(List<String> markers) {
    int end = pending.length();
    for (String marker : markers) {
      for (int i = Math.max(0, pending.length() - marker.length() + 1); i < end; i++) {
        if (marker.startsWith(pending.substring(i))) {
          end = i;
        }
      }
    }
    while (end > 0 && Character.isWhitespace(pending.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  private String take(int count) {
    String taken = pending.substring(0, count);
    pending.delete(0, count);
    return taken;
  }

  private void text(String text) {
    if (!text.isEmpty()) {
      parts.add(new OutputPart.Text(text));
    }
  }

  private void reasoning(String text) {
    if (!text.isEmpty()) {
      parts.add(new OutputPart.Reasoning(text));
    }
  }

  private void call(String name) {
    blanksBefore = "";
    calls++;
    parts.add(new OutputPart.CallStarted(name));
  }

  private void argument(String json) {
    if (!json.isEmpty()) {
      parts.add(new OutputPart.CallArguments(json));
    }
  }
}
