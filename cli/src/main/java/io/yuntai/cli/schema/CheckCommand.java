package io.yuntai.cli.schema;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.engine.grammar.Grammar;
import io.yuntai.engine.grammar.GrammarException;
import io.yuntai.engine.grammar.schema.JsonSchemas;
import io.yuntai.engine.grammar.schema.JsonValue;
import io.yuntai.engine.grammar.schema.PropertyOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code yuntai schema check}. */
@Command(
    name = "check",
    description = {
      "Say whether a JSON Schema can be held by structured output, and whether each instance could be",
      "generated under it, byte for byte. White space round an instance does not count; between its",
      "tokens (after '{', '[', ',' and ':', before '}' and ']') there may be nothing, one space, or a",
      "line break and up to 64 blanks."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai schema check person.schema.json",
      "  yuntai schema check person.schema.json ada.json grace.json",
      "  yuntai schema check --json person.schema.json ada.json"
    })
final class CheckCommand implements Callable<Integer> {
  private static final long MAX_BYTES = 16L << 20;

  /** What the judgements of instances take as generable layouts. */
  private static final String WHITE_SPACE =
      "round a text any, which does not count; after { [ , : and before } ] nothing, one space, or a line break with up to 64 blanks";

  private final CliContext context;

  @Parameters(index = "0", paramLabel = "SCHEMA", description = "A file with a JSON Schema.")
  private Path schema = Path.of("");

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "INSTANCE",
      description = "Files with JSON values.")
  private List<Path> instances = new ArrayList<>();

  @Option(
      names = "--property-order",
      paramLabel = "ORDER",
      description =
          "'schema': properties in the schema's order, as the server writes them (default); 'any'.")
  private String propertyOrder = "schema";

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  CheckCommand(CliContext context) {
    this.context = context;
  }

  /** What was found out about one instance. */
  private record Judgement(String file, boolean generable, long bytes, long taken, String reason) {}

  @Override
  public Integer call() {
    PropertyOrder order =
        switch (propertyOrder.toLowerCase(Locale.ROOT)) {
          case "schema" -> PropertyOrder.SCHEMA;
          case "any" -> PropertyOrder.ANY;
          default ->
              throw new CommandException(
                  ExitCode.USAGE,
                  "--property-order takes 'schema' or 'any', not '" + propertyOrder + "'.");
        };
    JsonValue value;
    try {
      value = JsonFiles.value(bytes(schema));
    } catch (GrammarException e) {
      throw new CommandException(ExitCode.USAGE, schema + " is not JSON: " + e.sentence() + ".");
    }
    Grammar grammar;
    try {
      grammar = JsonSchemas.compile(value, order);
    } catch (GrammarException e) {
      return refused(e);
    }
    List<Judgement> judgements = new ArrayList<>();
    for (Path instance : instances) {
      judgements.add(new Instance(value, grammar, order).judge(instance));
    }
    print(judgements);
    return judgements.stream().allMatch(Judgement::generable)
        ? ExitCode.OK.number()
        : ExitCode.FAULTS_FOUND.number();
  }

  private int refused(GrammarException e) {
    if (json) {
      Map<String, Object> found = new LinkedHashMap<>();
      found.put("schema", schema.toString());
      found.put("compiles", false);
      found.put("place", e.place());
      found.put("message", e.sentence());
      found.put("instances", List.of());
      context.screen().result(Json.text(found));
    } else {
      context.screen().result("does not compile: " + e.sentence());
    }
    return ExitCode.FAULTS_FOUND.number();
  }

  private void print(List<Judgement> judgements) {
    if (json) {
      Map<String, Object> found = new LinkedHashMap<>();
      found.put("schema", schema.toString());
      found.put("compiles", true);
      found.put("property_order", propertyOrder.toLowerCase(Locale.ROOT));
      found.put("white_space", WHITE_SPACE);
      found.put("instances", judgements);
      context.screen().result(Json.text(found));
      return;
    }
    context.screen().result("compiles");
    for (Judgement judgement : judgements) {
      context
          .screen()
          .result(
              judgement.generable
                  ? judgement.file + ": can be generated"
                  : "%s: can't be generated: %s".formatted(judgement.file, judgement.reason));
    }
  }

  private static byte[] bytes(Path file) {
    try {
      if (Files.isRegularFile(file) && Files.size(file) > MAX_BYTES) {
        throw new CommandException(
            ExitCode.USAGE,
            "%s is larger than %d MiB, the most that is read.".formatted(file, MAX_BYTES >> 20));
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new CommandException(ExitCode.NOT_FOUND, "Can't read " + file + ".", e);
    }
  }

  /** One schema's judge of instances. */
  private record Instance(JsonValue schema, Grammar grammar, PropertyOrder order) {
    Judgement judge(Path file) {
      byte[] text = JsonFiles.trimmed(bytes(file));
      Grammar.Match match = grammar.match(text);
      String reason = match.complete() ? "" : reason(text, match);
      return new Judgement(file.toString(), match.complete(), text.length, match.taken(), reason);
    }

    private String reason(byte[] text, Grammar.Match match) {
      String where = "from byte " + match.taken() + " on";
      byte[] compact;
      try {
        compact = JsonFiles.compact(text);
      } catch (GrammarException e) {
        return "it is not JSON: " + e.sentence();
      }
      if (grammar.match(compact).complete()) {
        return where + " by its layout or spelling; written compactly it can";
      }
      if (order == PropertyOrder.SCHEMA && inAnyOrder(compact)) {
        return where + " by the order of its properties, which is not the schema's";
      }
      return match.taken() == text.length ? "it ends too early" : where;
    }

    private boolean inAnyOrder(byte[] compact) {
      try {
        return JsonSchemas.compile(schema, PropertyOrder.ANY).match(compact).complete();
      } catch (GrammarException _) {
        return false;
      }
    }
  }
}
