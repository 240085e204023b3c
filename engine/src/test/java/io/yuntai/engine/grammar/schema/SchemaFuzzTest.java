package io.yuntai.engine.grammar.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.engine.grammar.GrammarException;
import io.yuntai.engine.grammar.GrammarLimitException;
import io.yuntai.engine.grammar.RandomTexts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Schemas from strangers: a grammar or a sentence, never anything else. The timeouts catch what
 * does not end; nothing is measured by them.
 */
class SchemaFuzzTest {
  private static final int TRIALS = Integer.getInteger("yuntai.trials", 1500);
  private static final List<Object> ODD =
      List.of(
          true,
          -1,
          1.5,
          1_000_000_000_000L,
          new java.math.BigDecimal("1e400"),
          "",
          "#",
          "#/$defs/none",
          "(",
          List.of(),
          List.of(List.of()),
          Map.of(),
          Map.of("type", "integer"),
          RandomSchemas.NULL);

  private final long seed = Long.getLong("yuntai.seed", new Random().nextLong());
  private final Random random = new Random(seed);

  @Test
  @Timeout(120)
  void damagedSchemasAreCompiledOrRefused() {
    RandomSchemas schemas = new RandomSchemas(random);
    int compiled = 0;
    for (int i = 0; i < TRIALS; i++) {
      String schema = Json.text(damaged(schemas.schema()));
      try {
        RandomTexts.of(JsonSchemas.compile(Json.value(schema), PropertyOrder.SCHEMA), random, 40);
        compiled++;
      } catch (GrammarException e) {
        assertThat(e.sentence()).as("-Dyuntai.seed=%d: %s", seed, schema).isNotBlank();
      } catch (GrammarLimitException e) {
        assertThat(e.getMessage()).as("-Dyuntai.seed=%d: %s", seed, schema).isNotBlank();
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("-Dyuntai.seed=%d: %s".formatted(seed, schema), e);
      }
    }
    assertThat(compiled).as("-Dyuntai.seed=%d", seed).isPositive();
  }

  private Object damaged(@Nullable Object value) {
    if (value == null || random.nextInt(12) == 0) {
      return ODD.get(random.nextInt(ODD.size()));
    }
    return switch (value) {
      case List<?> items -> {
        List<Object> all = new ArrayList<>();
        items.forEach(item -> all.add(damaged(item)));
        yield all;
      }
      case Map<?, ?> members -> {
        Map<String, Object> all = new LinkedHashMap<>();
        members.forEach((name, member) -> {
          String key = String.valueOf(name);
          all.put(random.nextInt(40) == 0 ? key + "x" : key, damaged(member));
        });
        yield all;
      }
      default -> value;
    };
  }

  /** Small schemas of huge grammars: refused in bounded time and memory, and the bound is named. */
  @ParameterizedTest
  @Timeout(60)
  @ValueSource(
      strings = {
        "{'minLength':60000}",
        "{'minItems':60000}",
        "{'pattern':'^(a|b)*a(a|b){40}$'}",
        "{'minimum':1e500}",
        "{'multipleOf':0.123456789}",
        "{'multipleOf':9999,'minimum':1e300,'maximum':1e301}",
      })
  void whatExplodesIsRefusedByItsBound(String schema) {
    assertThatThrownBy(
            () -> JsonSchemas.compile(Json.value(schema.replace('\'', '"')), PropertyOrder.SCHEMA))
        .isInstanceOfSatisfying(
            GrammarException.class, e -> assertThat(e.sentence()).containsPattern("[0-9]"));
  }

  @Test
  @Timeout(60)
  void combinationsAreBounded() {
    StringBuilder choices = new StringBuilder("{\"allOf\":[");
    for (int i = 0; i < 14; i++) {
      choices.append(i == 0 ? "" : ",");
      choices.append(
          "{\"anyOf\":[{\"properties\":{\"p%1$d\":{\"minimum\":1}}},{\"properties\":{\"p%1$d\":{\"maxLength\":2}}}]}"
              .formatted(i));
    }
    assertThatThrownBy(() -> JsonSchemas.compile(Json.value(choices + "]}"), PropertyOrder.SCHEMA))
        .isInstanceOf(GrammarException.class)
        .hasMessageContaining("combinations");
  }

  @Test
  void nestingIsBounded() {
    String deep = "{\"items\":".repeat(600) + "true" + "}".repeat(600);
    assertThatThrownBy(() -> JsonSchemas.compile(Json.value(deep), PropertyOrder.SCHEMA))
        .isInstanceOf(GrammarException.class)
        .hasMessageContaining("deeper than");
  }
}
