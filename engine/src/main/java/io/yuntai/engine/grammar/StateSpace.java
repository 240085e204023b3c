package io.yuntai.engine.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes states and remembers them, so that equal ones are one. What it remembers is bounded: beyond
 * the bound it forgets everything and begins anew, which costs time and changes nothing, for states
 * that are still in use stay as they are. For one thread at a time.
 */
final class StateSpace {
  static final State DEAD_END = new State.Nothing(-1, false);
  static final State END = new State.Nothing(-2, true);

  private static final int MAX_STATES = 60_000;
  private static final int MAX_TABLES = 40_000;

  /** An ambiguous grammar may be in many places at once, but not in more than these. */
  private static final int MAX_CHOICES = 4096;

  private static final int MAX_DEPTH = 2000;

  private final Map<Object, Leaf> leaves = new HashMap<>();
  private final Map<Expr.Text, TextLeaves> texts = new HashMap<>();
  private final Map<Object, State> states = new HashMap<>();
  private int nextId;
  private int tables;

  private record WithinKey(Leaf leaf, State rest) {}

  private record CallKey(Expr.Rule rule, State rest) {}

  /** What a repetition turns into, once for each step. */
  private record Repetition(Expr part, int min, int max) implements Expr.Rule {
    @Override
    public boolean nullable() {
      return min == 0;
    }

    @Override
    public Expr body() {
      Expr more = Expr.sequence(part, again(part, Math.max(0, min - 1), max < 0 ? max : max - 1));
      return min == 0 ? Expr.choice(more, Expr.EMPTY) : more;
    }

    static Expr again(Expr part, int min, int max) {
      return max == 0 ? Expr.EMPTY : new Repetition(part, min, max);
    }
  }

  /** The state before an expression, with what comes after it. */
  State before(Expr expr, State rest) {
    return before(expr, rest, 0);
  }

  private State before(Expr expr, State rest, int depth) {
    if (depth > MAX_DEPTH) {
      throw new GrammarLimitException("the grammar is nested deeper than " + MAX_DEPTH);
    }
    return switch (expr) {
      case Expr.Literal literal ->
          within(
              leaves.computeIfAbsent(literal, _ -> Leaf.InLiteral.begin(literal.bytes().value())),
              rest);
      case Expr.Words words -> within(leaves.computeIfAbsent(words, _ -> begin(words)), rest);
      case Expr.Text text -> within(texts.computeIfAbsent(text, TextLeaves::new).begin(), rest);
      case Expr.Sequence(List<Expr> parts) -> {
        State state = rest;
        for (int i = parts.size() - 1; i >= 0; i--) {
          state = before(parts.get(i), state, depth + 1);
        }
        yield state;
      }
      case Expr.Choice(List<Expr> choices) -> {
        List<State> all = new ArrayList<>(choices.size());
        for (Expr choice : choices) {
          all.add(before(choice, rest, depth + 1));
        }
        yield oneOf(all);
      }
      case Expr.Repeat(Expr part, int min, int max) -> call(new Repetition(part, min, max), rest);
      case Expr.Rule rule -> call(rule, rest);
    };
  }

  private static Leaf begin(Expr.Words words) {
    List<byte[]> sorted = new ArrayList<>();
    words.words().forEach(word -> sorted.add(word.value()));
    sorted.sort(Comparator.comparing((byte[] word) -> word, Arrays::compareUnsigned));
    return Leaf.InWords.begin(sorted);
  }

  private State within(Leaf leaf, State rest) {
    if (leaf.isDone()) {
      return rest;
    }
    return states.computeIfAbsent(
        new WithinKey(leaf, rest), _ -> new State.Within(newId(), leaf, rest));
  }

  private State call(Expr.Rule rule, State rest) {
    return states.computeIfAbsent(
        new CallKey(rule, rest), _ -> new State.Call(newId(), rule, rest));
  }

  /** The state in which any of these goes on; dead ends are left out. */
  private State oneOf(List<State> all) {
    List<State> flat = new ArrayList<>(all.size());
    for (State state : all) {
      if (state instanceof State.OneOf several) {
        flat.addAll(Arrays.asList(several.choices));
      } else if (state != DEAD_END) {
        flat.add(state);
      }
    }
    if (flat.isEmpty()) {
      return DEAD_END;
    }
    State[] choices =
        flat.size() == 1
            ? new State[] {flat.getFirst()}
            : flat.stream()
                .distinct()
                .sorted(Comparator.comparingInt(state -> state.id))
                .toArray(State[]::new);
    if (choices.length == 1) {
      return choices[0];
    }
    if (choices.length > MAX_CHOICES) {
      throw new GrammarLimitException(
          "the grammar is too ambiguous: the text so far can be read in more than %,d ways"
              .formatted(MAX_CHOICES));
    }
    return states.computeIfAbsent(List.of(choices), _ -> new State.OneOf(newId(), choices));
  }

  /** What a call stands for. */
  State meaning(State.Call call) {
    State meaning = call.meaning;
    if (meaning == null) {
      meaning = before(call.rule.body(), call.rest);
      call.meaning = meaning;
    }
    return meaning;
  }

  /** The state after one more byte; {@link #DEAD_END} where it can't follow. */
  State step(State state, byte value) {
    return switch (state) {
      case State.Nothing _ -> DEAD_END;
      case State.Call call -> step(meaning(call), value);
      case State.Within within when within.leaf instanceof Leaf.InLiteral literal ->
          literal.expected == value ? within(literal.next(), within.rest) : DEAD_END;
      default -> {
        @Nullable State[] next = state.next;
        if (next == null) {
          next = new State[256];
          state.next = next;
          tables++;
        }
        State found = next[value & 0xFF];
        if (found == null) {
          found = find(state, value);
          next[value & 0xFF] = found;
        }
        yield found;
      }
    };
  }

  private State find(State state, byte value) {
    if (state instanceof State.OneOf several) {
      List<State> all = new ArrayList<>();
      for (State choice : several.choices) {
        all.add(step(choice, value));
      }
      return oneOf(all);
    }
    State.Within within = (State.Within) state;
    Leaf leaf = within.leaf.step(value);
    State inside = leaf == null ? DEAD_END : within(leaf, within.rest);
    return within.leaf.accepting ? oneOf(List.of(inside, step(within.rest, value))) : inside;
  }

  /** Whether anything may follow. */
  boolean goesOn(State state) {
    return switch (state) {
      case State.Nothing _ -> false;
      case State.Within _ -> true;
      case State.Call call -> goesOn(meaning(call));
      case State.OneOf several -> {
        for (State choice : several.choices) {
          if (goesOn(choice)) {
            yield true;
          }
        }
        yield false;
      }
    };
  }

  /** Forgets everything where there is too much of it; true when it did. */
  boolean forgetWhenFull() {
    if (states.size() < MAX_STATES && tables < MAX_TABLES && leaves.size() < MAX_STATES) {
      return false;
    }
    states.clear();
    leaves.clear();
    texts.clear();
    tables = 0;
    return true;
  }

  private int newId() {
    return nextId++;
  }
}
