package io.yuntai.engine.grammar;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * From GBNF rules to an expression. What never refers to itself is regular and becomes an
 * automaton; the rest stays rules that call one another.
 */
final class GbnfCompiler {
  private static final int MAX_INLINED = 20_000;
  private static final int MAX_RULES = 1000;
  private static final int MAX_INLINED_DEPTH = 400;

  private final Map<String, GbnfNode> rules;
  private final Map<String, RuleExpr> compiled = new HashMap<>();
  private final Set<String> recursive = new HashSet<>();
  private final Set<String> nullable = new HashSet<>();
  private final Set<String> productive = new HashSet<>();
  private final Set<String> regular = new HashSet<>();
  private final Deque<RuleExpr> unfilled = new ArrayDeque<>();
  private int inlined;

  GbnfCompiler(Map<String, GbnfNode> rules) {
    this.rules = rules;
  }

  Expr compile() throws GrammarException {
    if (!rules.containsKey("root")) {
      throw new GrammarException("", "the grammar has no rule named 'root'");
    }
    if (rules.size() > MAX_RULES) {
      throw new GrammarException(
          "", "a grammar has at most %,d rules, not %,d".formatted(MAX_RULES, rules.size()));
    }
    for (GbnfNode body : rules.values()) {
      checkReferences(body);
    }
    for (String name : rules.keySet()) {
      if (reaches(name, name, new HashSet<>(), false)) {
        recursive.add(name);
      }
    }
    grow(nullable, this::isNullable);
    grow(productive, this::isProductive);
    grow(regular, this::isRegular);
    for (String name : rules.keySet()) {
      if (reaches(name, name, new HashSet<>(), true)) {
        throw new GrammarException(
            "",
            "the rule '%s' refers to itself before any character (left recursion); write it with * or +"
                .formatted(name));
      }
    }
    Expr root = expr(new GbnfNode.Reference("root", 1));
    while (!unfilled.isEmpty()) {
      RuleExpr rule = unfilled.remove();
      rule.body = expr(body(rule.name));
    }
    return root;
  }

  private void checkReferences(GbnfNode node) throws GrammarException {
    if (node instanceof GbnfNode.Reference(String name, int line) && !rules.containsKey(name)) {
      throw new GrammarException("line " + line, "there is no rule named '%s'".formatted(name));
    }
    for (GbnfNode part : parts(node)) {
      checkReferences(part);
    }
  }

  private static List<GbnfNode> parts(GbnfNode node) {
    return switch (node) {
      case GbnfNode.Sequence(List<GbnfNode> parts) -> parts;
      case GbnfNode.Choice(List<GbnfNode> choices) -> choices;
      case GbnfNode.Repeat(GbnfNode part, int _, int _) -> List.of(part);
      default -> List.of();
    };
  }

  private GbnfNode body(String name) {
    GbnfNode body = rules.get(name);
    if (body == null) {
      throw new IllegalStateException("references are checked first");
    }
    return body;
  }

  private boolean reaches(String from, String goal, Set<String> seen, boolean onlyLeft) {
    for (String next : references(body(from), onlyLeft)) {
      if (next.equals(goal) || (seen.add(next) && reaches(next, goal, seen, onlyLeft))) {
        return true;
      }
    }
    return false;
  }

  /** Rules that a node refers to; with {@code onlyLeft}, those before any character. */
  private Set<String> references(GbnfNode node, boolean onlyLeft) {
    Set<String> names = new HashSet<>();
    if (node instanceof GbnfNode.Reference(String name, int _)) {
      names.add(name);
    }
    for (GbnfNode part : parts(node)) {
      names.addAll(references(part, onlyLeft));
      if (onlyLeft && node instanceof GbnfNode.Sequence && !isNullable(part)) {
        break;
      }
    }
    return names;
  }

  private void grow(Set<String> names, java.util.function.Predicate<GbnfNode> holds) {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (Map.Entry<String, GbnfNode> rule : rules.entrySet()) {
        changed |= holds.test(rule.getValue()) && names.add(rule.getKey());
      }
    }
  }

  private boolean isNullable(GbnfNode node) {
    return switch (node) {
      case GbnfNode.Literal(String text) -> text.isEmpty();
      case GbnfNode.Chars _ -> false;
      case GbnfNode.Reference(String name, int _) -> nullable.contains(name);
      case GbnfNode.Sequence(List<GbnfNode> parts) -> parts.stream().allMatch(this::isNullable);
      case GbnfNode.Choice(List<GbnfNode> choices) -> choices.stream().anyMatch(this::isNullable);
      case GbnfNode.Repeat(GbnfNode part, int min, int _) -> min == 0 || isNullable(part);
    };
  }

  private boolean isProductive(GbnfNode node) {
    return switch (node) {
      case GbnfNode.Literal _ -> true;
      case GbnfNode.Chars(CodePoints set) -> !set.isEmpty();
      case GbnfNode.Reference(String name, int _) -> productive.contains(name);
      case GbnfNode.Sequence(List<GbnfNode> parts) -> parts.stream().allMatch(this::isProductive);
      case GbnfNode.Choice(List<GbnfNode> choices) -> choices.stream().anyMatch(this::isProductive);
      case GbnfNode.Repeat(GbnfNode part, int min, int _) -> min == 0 || isProductive(part);
    };
  }

  private Expr expr(GbnfNode node) throws GrammarException {
    if (!isProductive(node)) {
      return Expr.NOTHING;
    }
    if (node instanceof GbnfNode.Literal(String text)) {
      return Expr.literal(text);
    }
    if (isRegular(node)) {
      inlined = 0;
      return Expr.text(Nfa.whole(regex(node, 0)), Expr.Encoding.RAW);
    }
    return switch (node) {
      case GbnfNode.Reference(String name, int _) -> rule(name);
      case GbnfNode.Sequence(List<GbnfNode> parts) -> Expr.sequence(all(parts));
      case GbnfNode.Choice(List<GbnfNode> choices) -> Expr.choice(all(choices));
      case GbnfNode.Repeat(GbnfNode part, int min, int max) -> {
        if (isNullable(part)) {
          throw new GrammarException(
              "", "a part that is repeated and refers to itself must not be able to be empty");
        }
        yield Expr.repeat(expr(part), min, max);
      }
      default -> throw new IllegalStateException("regular nodes are done above");
    };
  }

  private List<Expr> all(List<GbnfNode> nodes) throws GrammarException {
    List<Expr> all = new ArrayList<>();
    for (GbnfNode node : nodes) {
      all.add(expr(node));
    }
    return all;
  }

  private boolean isRegular(GbnfNode node) {
    if (node instanceof GbnfNode.Reference(String name, int _)) {
      return regular.contains(name);
    }
    return parts(node).stream().allMatch(this::isRegular);
  }

  private Regex regex(GbnfNode node, int depth) throws GrammarException {
    if (++inlined > MAX_INLINED) {
      throw new GrammarException(
          "",
          "the grammar is too large: once its rules are written out, it has more than %,d parts"
              .formatted(MAX_INLINED));
    }
    if (depth > MAX_INLINED_DEPTH) {
      throw new GrammarException(
          "", "its rules and groups are nested deeper than %,d".formatted(MAX_INLINED_DEPTH));
    }
    return switch (node) {
      case GbnfNode.Literal(String text) -> Regex.text(text);
      case GbnfNode.Chars(CodePoints set) -> new Regex.Chars(set);
      case GbnfNode.Reference(String name, int _) -> regex(body(name), depth + 1);
      case GbnfNode.Sequence(List<GbnfNode> parts) -> new Regex.Sequence(regexes(parts, depth + 1));
      case GbnfNode.Choice(List<GbnfNode> choices) -> new Regex.Either(regexes(choices, depth + 1));
      case GbnfNode.Repeat(GbnfNode part, int min, int max) ->
          new Regex.Repeat(regex(part, depth + 1), min, max);
    };
  }

  private List<Regex> regexes(List<GbnfNode> nodes, int depth) throws GrammarException {
    List<Regex> all = new ArrayList<>();
    for (GbnfNode node : nodes) {
      all.add(regex(node, depth));
    }
    return all;
  }

  private Expr rule(String name) throws GrammarException {
    RuleExpr rule = compiled.get(name);
    if (rule == null) {
      rule = new RuleExpr(name, nullable.contains(name));
      compiled.put(name, rule);
      unfilled.add(rule);
    }
    return rule;
  }

  /** A rule that refers to itself: its body is set once all rules are there. */
  private static final class RuleExpr implements Expr.Rule {
    private final String name;
    private final boolean nullable;
    private @Nullable Expr body;

    RuleExpr(String name, boolean nullable) {
      this.name = name;
      this.nullable = nullable;
    }

    @Override
    public boolean nullable() {
      return nullable;
    }

    @Override
    public Expr body() {
      if (body == null) {
        throw new IllegalStateException("the rule " + name + " is used before it is compiled");
      }
      return body;
    }
  }
}
