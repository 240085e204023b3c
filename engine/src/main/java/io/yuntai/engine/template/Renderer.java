package io.yuntai.engine.template;

import io.yuntai.engine.template.Statement.Signature;
import io.yuntai.engine.template.Statement.Target;
import io.yuntai.engine.template.Value.Function;
import io.yuntai.engine.template.Value.Namespace;
import io.yuntai.engine.template.Value.Tuple;
import io.yuntai.engine.template.Value.Undefined;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs a template's statements for one rendering. */
final class Renderer {
  /** How a body ended. */
  enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  private final Evaluator evaluator;
  private final Budget budget;
  private int line = 1;

  Renderer(Evaluator evaluator) {
    this.evaluator = evaluator;
    budget = evaluator.budget();
  }

  /** The line of the statement that runs, from 1. */
  int line() {
    return line;
  }

  Flow run(List<Statement> body, Scope scope, TextBuilder out) {
    budget.enter();
    Flow flow = Flow.NEXT;
    for (Statement statement : body) {
      flow = run(statement, scope, out);
      if (flow != Flow.NEXT) {
        break;
      }
    }
    budget.leave();
    return flow;
  }

  private Flow run(Statement statement, Scope scope, TextBuilder out) {
    budget.step();
    switch (statement) {
      case Statement.Data data -> out.append(data.text());
      case Statement.Output output -> {
        line = output.line();
        out.append(Printer.str(budget, evaluator.evaluate(output.value(), scope)));
      }
      case Statement.Set set -> {
        line = set.line();
        assign(set.target(), evaluator.evaluate(set.value(), scope), scope);
      }
      case Statement.If conditional -> {
        return run(conditional, scope, out);
      }
      case Statement.For loop -> {
        line = loop.line();
        Value items = evaluator.evaluate(loop.items(), scope);
        run(loop, Types.elements(budget, items), 0, scope, out);
      }
      case Statement.Break end -> {
        return Flow.BREAK;
      }
      case Statement.Continue next -> {
        return Flow.CONTINUE;
      }
      case Statement.SetBlock set -> {
        TextBuilder text = new TextBuilder(budget);
        Flow flow = run(set.body(), new Scope(scope), text);
        line = set.line();
        assign(set.target(), filtered(set.value(), text, scope), scope);
        return flow;
      }
      case Statement.FilterBlock filter -> {
        TextBuilder text = new TextBuilder(budget);
        Flow flow = run(filter.body(), new Scope(scope), text);
        line = filter.line();
        out.append(Printer.str(budget, filtered(filter.value(), text, scope)));
        return flow;
      }
      case Statement.With with -> {
        return run(with, scope, out);
      }
      case Statement.Generation generation -> run(generation.body(), new Scope(scope), out);
      case Statement.Macro macro ->
          scope.define(macro.name(), macro(macro.name(), macro.signature(), macro.body(), scope));
      case Statement.CallBlock call -> {
        line = call.line();
        Function caller = macro("caller", call.signature(), call.body(), scope);
        out.append(Printer.str(budget, evaluator.call(call.call(), scope, caller)));
      }
    }
    return Flow.NEXT;
  }

  private Flow run(Statement.If conditional, Scope scope, TextBuilder out) {
    for (Statement.Branch branch : conditional.branches()) {
      line = branch.line();
      if (Types.isTrue(evaluator.evaluate(branch.test(), scope))) {
        return run(branch.body(), scope, out);
      }
    }
    return run(conditional.otherwise(), scope, out);
  }

  private Flow run(Statement.With with, Scope scope, TextBuilder out) {
    line = with.line();
    Scope inner = new Scope(scope);
    for (int i = 0; i < with.targets().size(); i++) {
      assign(with.targets().get(i), evaluator.evaluate(with.values().get(i), scope), inner);
    }
    return run(with.body(), inner, out);
  }

  private Value filtered(Expression filters, TextBuilder text, Scope scope) {
    Scope inner = new Scope(scope);
    inner.define(Evaluator.BLOCK_TEXT, text.build());
    return evaluator.evaluate(filters, inner);
  }

  private void run(Statement.For loop, List<Value> all, int depth, Scope scope, TextBuilder out) {
    List<Value> items = kept(loop, all, scope);
    LoopState state = new LoopState(items, depth);
    Function variable = state.asValue((e, arguments) -> recurse(loop, arguments, depth, scope));
    for (int i = 0; i < items.size(); i++) {
      budget.step();
      state.moveTo(i);
      Scope inner = new Scope(scope);
      inner.define("loop", variable);
      assign(loop.target(), items.get(i), inner);
      if (run(loop.body(), inner, out) == Flow.BREAK) {
        break;
      }
    }
    if (items.isEmpty()) {
      run(loop.otherwise(), new Scope(scope), out);
    }
  }

  private List<Value> kept(Statement.For loop, List<Value> items, Scope scope) {
    Expression filter = loop.filter();
    if (filter == null) {
      return items;
    }
    List<Value> kept = new ArrayList<>();
    for (Value item : items) {
      Scope inner = new Scope(scope);
      assign(loop.target(), item, inner);
      if (Types.isTrue(evaluator.evaluate(filter, inner))) {
        budget.elements(1);
        kept.add(item);
      }
    }
    return kept;
  }

  private Value recurse(Statement.For loop, Arguments arguments, int depth, Scope scope) {
    if (!loop.recursive()) {
      throw new RenderFailure("a loop can only be called when it is declared 'recursive'");
    }
    Value items = arguments.bind("loop()", "iterable").get(0);
    TextBuilder text = new TextBuilder(budget);
    run(loop, Types.elements(budget, items), depth + 1, scope, text);
    return text.build();
  }

  private void assign(Target target, Value value, Scope scope) {
    switch (target) {
      case Target.Variable variable -> scope.define(variable.name(), value);
      case Target.Member member -> {
        if (!(scope.find(member.namespace()) instanceof Namespace namespace)) {
          throw new RenderFailure(
              "cannot assign '%s.%s': '%s' is no namespace"
                  .formatted(member.namespace(), member.name(), member.namespace()));
        }
        namespace.members().put(member.name(), value);
      }
      case Target.Several several -> {
        List<Value> values = Types.elements(budget, value);
        if (values.size() != several.targets().size()) {
          throw new RenderFailure(
              "expected %d values to unpack but got %d"
                  .formatted(several.targets().size(), values.size()));
        }
        for (int i = 0; i < values.size(); i++) {
          assign(several.targets().get(i), values.get(i), scope);
        }
      }
    }
  }

  private Function macro(String name, Signature signature, List<Statement> body, Scope around) {
    return new Function(
        name,
        (e, arguments) -> {
          budget.enter();
          Scope scope = new Scope(around);
          bind(name, signature, arguments, scope);
          TextBuilder out = new TextBuilder(budget);
          int callLine = line;
          run(body, scope, out);
          line = callLine;
          budget.leave();
          return out.build();
        },
        member -> macroMember(name, signature, member));
  }

  private static @Nullable Value macroMember(String name, Signature signature, String member) {
    return switch (member) {
      case "name" -> Text.ofTemplate(name);
      case "arguments" ->
          new Tuple(signature.names().stream().<Value>map(Text::ofTemplate).toList());
      default -> null;
    };
  }

  private void bind(String name, Signature signature, Arguments arguments, Scope scope) {
    List<String> names = signature.names();
    List<Value> positional = arguments.positional();
    Map<String, Value> named = new LinkedHashMap<>(arguments.named());
    for (int i = 0; i < names.size(); i++) {
      String parameter = names.get(i);
      Value value = i < positional.size() ? positional.get(i) : null;
      Value byName = named.remove(parameter);
      if (value != null && byName != null) {
        throw new RenderFailure("%s() got argument '%s' twice".formatted(name, parameter));
      }
      Expression otherwise = signature.defaults().get(parameter);
      if (value == null) {
        value = byName;
      }
      if (value == null && otherwise != null) {
        value = evaluator.evaluate(otherwise, scope);
      }
      scope.define(
          parameter,
          value == null
              ? new Undefined("parameter '%s' was not provided".formatted(parameter))
              : value);
    }
    Value caller = named.remove("caller");
    if (signature.takesCaller() && !names.contains("caller")) {
      scope.define("caller", caller == null ? new Undefined("no caller defined") : caller);
    } else if (caller != null) {
      throw new RenderFailure("%s() takes no caller".formatted(name));
    }
    bindRest(name, signature, positional, named, scope);
  }

  private static void bindRest(
      String name,
      Signature signature,
      List<Value> positional,
      Map<String, Value> named,
      Scope scope) {
    int count = signature.names().size();
    if (signature.takesMore()) {
      List<Value> more =
          positional.size() > count ? positional.subList(count, positional.size()) : List.of();
      scope.define("varargs", new Tuple(more));
    } else if (positional.size() > count) {
      throw new RenderFailure(
          "%s() takes at most %d arguments but got %d".formatted(name, count, positional.size()));
    }
    if (signature.takesNamed()) {
      Dict more = new Dict();
      named.forEach((key, value) -> more.put(Text.ofTemplate(key), value));
      scope.define("kwargs", more);
    } else if (!named.isEmpty()) {
      throw new RenderFailure(
          "%s() has no argument '%s'".formatted(name, named.keySet().iterator().next()));
    }
  }
}
