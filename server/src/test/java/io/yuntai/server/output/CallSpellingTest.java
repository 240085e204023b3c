package io.yuntai.server.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.yuntai.engine.grammar.Grammar;
import io.yuntai.engine.grammar.GrammarException;
import io.yuntai.engine.grammar.TokenMasks;
import io.yuntai.engine.grammar.TokenState;
import io.yuntai.engine.grammar.schema.JsonValue;
import io.yuntai.engine.grammar.schema.MemberTypes;
import io.yuntai.engine.grammar.schema.TaggedObject;
import io.yuntai.server.output.OutputReader.Start;
import io.yuntai.server.testing.ByteTokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class CallSpellingTest {
  private static final long SEED = Long.getLong("yuntai.seed", System.nanoTime());

  /**
   * Whatever an answer that must call may be, it is read as calls of the tools and nothing else.
   */
  @Test
  void whatIsHeldToBeCallsIsReadAsCalls() throws Exception {
    Grammar object = Grammar.choice(List.of("{}", "{\"a\": [1, \"}\"]}", "{\"b\": {}}"));
    Map<String, Grammar> tools = Map.of("add", object, "add2", object);
    Random random = new Random(SEED);
    TokenMasks masks = TokenMasks.of(new ByteTokenizer());
    for (CallSyntax syntax :
        List.of(
            CallSyntax.HERMES,
            CallSyntax.LLAMA,
            CallSyntax.MISTRAL,
            CallSyntax.DEEPSEEK,
            CallSyntax.DEEPSEEK_FENCED)) {
      for (boolean parallel : new boolean[] {false, true}) {
        Grammar answers = syntax.answers(tools, true, parallel, false);
        for (int trial = 0; trial < 100; trial++) {
          String text = walk(masks.start(answers), random);
          OutputReader reader = reader(syntax, tools.keySet());
          List<OutputPart> parts = new ArrayList<>(reader.append(text));
          parts.addAll(reader.finish());
          assertThat(parts)
              .as("-Dyuntai.seed=%d, %s: %s", SEED, syntax, text)
              .noneMatch(part -> part instanceof OutputPart.Text);
          assertThat(reader.calls()).isPositive();
          if (!parallel) {
            assertThat(reader.calls()).isEqualTo(1);
          }
        }
      }
    }
  }

  /** Where calls are free, a fenced one is held like any other, and other fences are not. */
  @Test
  void fencedCallsAreHeldToo() throws Exception {
    Grammar object = Grammar.choice(List.of("{}", "{\"a\": 1}"));
    Grammar answers =
        CallSyntax.HERMES.answers(Map.of("add", object, "sub", object), false, true, false);
    String call = "```json\n{\n  \"name\": \"add\",\n  \"arguments\": {\"a\": 1}\n}\n```";
    for (String text :
        List.of(
            call,
            call + "\n" + call,
            "",
            "Well.",
            "```json\n{\"name\": \"Ada\", \"arguments\": 7}\n```",
            "```java\n```",
            "Like " + call.replace("1", "2"),
            "```json\n[]\n```\n<tool_call>\n{\"name\": \"add\", \"arguments\": {}}\n</tool_call>")) {
      assertThat(takes(answers, text)).as(text).isTrue();
    }
    for (String text :
        List.of(
            call.replace("1", "2"),
            call.replace("}\n}", "}"),
            "<tool_call>\n{\"name\": \"add\", \"arguments\": 7}\n</tool_call>")) {
      assertThat(takes(answers, text)).as(text).isFalse();
    }
  }

  /** Tools of Qwen 3 Coder: what may be written is read as arguments that satisfy the schema. */
  @Test
  void argumentsBetweenTagsAreReadAsTheyAreHeld() throws Exception {
    String schema =
        """
        {"type": "object",
         "properties": {
           "text": {"type": "string", "maxLength": 4},
           "count": {"type": "integer", "minimum": 0, "maximum": 120},
           "unit": {"enum": ["true", "null", "1", "m", "", null, true, 7]},
           "maybe": {"anyOf": [{"type": "null"}, {"type": "string", "maxLength": 2}]},
           "either": {"type": ["string", "number", "boolean"], "minLength": 1, "maxLength": 3},
           "list": {"type": "array", "items": {"const": "</parameter>"}, "maxItems": 2},
           "deep": {"$ref": "#/$defs/pair"}},
         "required": ["count", "either"],
         "additionalProperties": {"type": ["string", "array"], "maxLength": 1, "maxItems": 0},
         "$defs": {"pair": {"type": "object", "properties": {"a": {"type": "boolean"}},
                            "required": ["a"], "additionalProperties": false}}}
        """;
    JsonMapper mapper = new JsonMapper();
    Schema judge =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(schema);
    TaggedObject held =
        TaggedObject.compile(
            JsonValue.of(mapper.readValue(schema, Object.class)),
            CallSyntax.QWEN_CODER.tags().orElseThrow());
    TokenMasks masks = TokenMasks.of(new ByteTokenizer());
    Random random = new Random(SEED);
    Grammar answers =
        CallSyntax.QWEN_CODER.answers(Map.of("f", held.grammar()), true, false, false);
    for (int trial = 0; trial < 500; trial++) {
      String text = walk(masks.start(answers), random);
      OutputReader reader =
          new OutputReader(
              Start.ANSWER, Optional.of(CallSyntax.QWEN_CODER), Map.of("f", held.types()));
      List<OutputPart> parts = new ArrayList<>(reader.append(text));
      parts.addAll(reader.finish());
      String description = "-Dyuntai.seed=%d: %s".formatted(SEED, text);
      assertThat(parts.getFirst()).as(description).isEqualTo(new OutputPart.CallStarted("f"));
      StringBuilder arguments = new StringBuilder();
      for (OutputPart part : parts.subList(1, parts.size())) {
        assertThat(part).as(description).isInstanceOf(OutputPart.CallArguments.class);
        arguments.append(((OutputPart.CallArguments) part).json());
      }
      assertThat(judge.validate(arguments.toString(), InputFormat.JSON)).as(description).isEmpty();
    }
  }

  /** Where calls are free, one without its outer tag is held like any other. */
  @Test
  void callsWithoutTheirOuterTagAreHeldToo() throws Exception {
    TaggedObject held =
        TaggedObject.compile(
            JsonValue.of(Map.of("properties", Map.of("a", Map.of("type", "integer")))),
            CallSyntax.QWEN_CODER.tags().orElseThrow());
    Grammar answers =
        CallSyntax.QWEN_CODER.answers(Map.of("add", held.grammar()), false, true, false);
    String call = "<function=add>\n<parameter=a>\n1\n</parameter>\n</function>\n</tool_call>";
    String whole = "<tool_call>\n" + call;
    for (String text :
        List.of("", "Well.", call, "Yes: " + call, whole + "\n" + whole, call + "\n" + whole)) {
      assertThat(takes(answers, text)).as(text).isTrue();
    }
    for (String text : List.of(call.replace("1", "x"), whole.replace("1", "x"), "<function=x")) {
      assertThat(takes(answers, text)).as(text).isFalse();
    }
  }

  @Test
  void argumentsThatTagsCannotHoldAreRefused() {
    for (String schema :
        List.of(
            "{\"properties\": {\"a>b\": {}}}",
            "{\"properties\": {\"a\": {\"$ref\": \"#/$defs/n\"}}, \"$defs\": {\"n\": {\"type\": \"string\", \"pattern\": \"</parameter>\"}}, \"required\": [\"a\"]}",
            "{\"enum\": [{\"a\": 1}]}")) {
      assertThatThrownBy(() ->
              TaggedObject.compile(
                  JsonValue.of(new JsonMapper().readValue(schema, Object.class)),
                  CallSyntax.QWEN_CODER.tags().orElseThrow()))
          .isInstanceOf(GrammarException.class)
          .hasMessageContaining("this model's calls");
    }
  }

  private static OutputReader reader(CallSyntax syntax, Set<String> tools) {
    Map<String, MemberTypes> types = new HashMap<>();
    tools.forEach(tool -> types.put(tool, MemberTypes.ANY));
    return new OutputReader(Start.ANSWER, Optional.of(syntax), types);
  }

  private static boolean takes(Grammar grammar, String text) {
    return grammar.match(text.getBytes(StandardCharsets.UTF_8)).complete();
  }

  private static String walk(TokenState start, Random random) {
    TokenState state = start;
    long[] mask = new long[(state.vocabularySize() + 63) / 64];
    byte[] bytes = new byte[100_000];
    int length = 0;
    while (!state.isFinal()) {
      state.mask(mask);
      List<Integer> allowed = new ArrayList<>();
      for (int b = 0; b < 256; b++) {
        if ((mask[b >> 6] >> b & 1) != 0) {
          allowed.add(b);
        }
      }
      int next = allowed.get(random.nextInt(allowed.size()));
      bytes[length++] = (byte) next;
      state = state.accept(next);
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
