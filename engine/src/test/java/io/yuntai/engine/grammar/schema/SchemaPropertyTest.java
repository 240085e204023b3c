package io.yuntai.engine.grammar.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.yuntai.engine.grammar.Grammar;
import io.yuntai.engine.grammar.GrammarException;
import io.yuntai.engine.grammar.RandomTexts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random schemas and values, judged by an independent validator. */
class SchemaPropertyTest {
  private static final int SCHEMAS = Integer.getInteger("yuntai.trials", 250);
  private static final int VALUES = 25;
  private static final int TEXTS = 8;
  private static final int MAX_BYTES = 300;

  /** Numbers that the validator, which divides them as doubles, does not judge exactly. */
  private static final Pattern TOO_FINE = Pattern.compile("[0-9.]{16,}|[eE][-+]?[0-9]{2,}");

  private final long seed = Long.getLong("yuntai.seed", new Random().nextLong());
  private final Random random = new Random(seed);
  private final RandomSchemas schemas = new RandomSchemas(random);
  private int valid;
  private int validGenerable;
  private int finished;

  @Test
  void exactlyWhatAValidatorAcceptsIsGenerated() {
    int compiled = 0;
    for (int i = 0; i < SCHEMAS; i++) {
      String schema = text(schemas.schema());
      Grammar anyOrder = compiled(schema, PropertyOrder.ANY);
      Grammar inOrder = compiled(schema, PropertyOrder.SCHEMA);
      if (anyOrder != null && inOrder != null) {
        compiled++;
        judge(schema, anyOrder, inOrder);
      }
    }
    System.out.printf(
        "-Dyuntai.seed=%d: %d of %d schemas compiled, %d of %d valid values generable, %d texts finished%n",
        seed, compiled, SCHEMAS, validGenerable, valid, finished);
    assertThat(compiled).isGreaterThan(SCHEMAS / 2);
    assertThat(finished).isGreaterThan(compiled * TEXTS / 2);
    assertThat((double) validGenerable / valid).isGreaterThan(0.9);
  }

  private void judge(String schema, Grammar anyOrder, Grammar inOrder) {
    Schema judge =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(schema, InputFormat.JSON);
    for (int i = 0; i < VALUES; i++) {
      value(schema, judge, anyOrder, inOrder, text(schemas.value(3)));
    }
    for (int i = 0; i < TEXTS; i++) {
      String text = RandomTexts.of(i % 2 == 0 ? inOrder : anyOrder, random, MAX_BYTES);
      if (text != null) {
        finished++;
        if (!TOO_FINE.matcher(text).find()) {
          assertThat(errors(judge, text))
              .as("-Dyuntai.seed=%d: %s generates %s", seed, schema, ascii(text))
              .isEmpty();
        }
        Object like = Json.MAPPER.readValue(text, Object.class);
        value(schema, judge, anyOrder, inOrder, text(schemas.changed(like)));
      }
    }
  }

  private void value(
      String schema, Schema judge, Grammar anyOrder, Grammar inOrder, String instance) {
    byte[] bytes = instance.getBytes(StandardCharsets.UTF_8);
    boolean generable = anyOrder.match(bytes).complete();
    if (errors(judge, instance).isEmpty()) {
      valid++;
      validGenerable += generable ? 1 : 0;
      if (!generable && Boolean.getBoolean("yuntai.verbose")) {
        System.out.println("MISSED " + schema + "   " + instance);
      }
    } else if (!TOO_FINE.matcher(instance).find()) {
      assertThat(generable || inOrder.match(bytes).complete())
          .as(
              "-Dyuntai.seed=%d: %s takes the invalid %s: %s",
              seed, schema, instance, errors(judge, instance))
          .isFalse();
    }
  }

  private static List<?> errors(Schema judge, String instance) {
    return judge.validate(
        instance,
        InputFormat.JSON,
        context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
  }

  private @Nullable Grammar compiled(String schema, PropertyOrder order) {
    try {
      return JsonSchemas.compile(Json.value(schema), order);
    } catch (GrammarException e) {
      if (Boolean.getBoolean("yuntai.verbose")) {
        System.out.println("REFUSED " + e.sentence());
      }
      return null;
    }
  }

  /** For logs of any encoding. */
  private static String ascii(String text) {
    StringBuilder ascii = new StringBuilder();
    text.codePoints()
        .forEach(c -> ascii.append(c < 0x7F ? Character.toString(c) : "\\u{%x}".formatted(c)));
    return ascii.toString();
  }

  private static String text(@Nullable Object value) {
    return Json.text(value);
  }
}
