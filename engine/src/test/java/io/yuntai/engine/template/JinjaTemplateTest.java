package io.yuntai.engine.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class JinjaTemplateTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);

  /**
   * Templates of ours that use every construct, with what Jinja 3.1 and Python's json made of them
   * in the environment that transformers sets up.
   */
  private record Cases(Map<String, Object> variables, List<Case> cases) {}

  private record Case(String template, String text, String error) {}

  private static Cases cases() throws IOException {
    try (InputStream in = JinjaTemplateTest.class.getResourceAsStream("/templates/cases.json")) {
      return JsonMapper.shared().readValue(in, Cases.class);
    }
  }

  private static String render(String template, Map<String, ?> variables) {
    return JinjaTemplate.compile(template, CLOCK).render(variables);
  }

  @Test
  void rendersAsJinjaDoes() throws IOException {
    Cases all = cases();
    List<String> differences = new ArrayList<>();
    for (Case each : all.cases()) {
      String result;
      try {
        result = render(each.template(), all.variables());
      } catch (TemplateException e) {
        result = null;
      }
      if (!Objects.equals(result, each.text())) {
        differences.add("%s\n gives %s".formatted(each.template(), result));
      }
    }
    assertThat(differences).isEmpty();
  }

  @Test
  void saysThatTheTemplateRefusedItsInput() {
    TemplateException refused =
        catchThrowableOfType(
            TemplateException.class,
            () -> render("{{ raise_exception('roles must alternate') }}", Map.of()));
    assertThat(refused).hasMessage("roles must alternate");
    assertThat(refused.raisedByTemplate()).isTrue();
  }

  @Test
  void namesTheLineOfAnError() {
    TemplateException failed =
        catchThrowableOfType(
            TemplateException.class, () -> render("a\n\n{{ missing.part }}", Map.of()));
    assertThat(failed).hasMessage("the chat template failed: 'missing' is undefined (line 3)");
    assertThat(failed.raisedByTemplate()).isFalse();
    assertThatThrownBy(() -> JinjaTemplate.compile("a\n{% if x %}"))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("endif")
        .hasMessageContaining("line 2");
  }

  @Test
  void refusesOtherFilesByName() {
    for (String block : List.of("include 'x'", "import 'x' as y", "extends 'x'")) {
      assertThatThrownBy(() -> JinjaTemplate.compile("{% " + block + " %}"))
          .isInstanceOf(TemplateException.class)
          .hasMessageContaining("'" + block.split(" ")[0] + "' is not supported");
    }
  }

  @Test
  void refusesATemplateOfTenMegabytes() {
    assertThatThrownBy(() -> JinjaTemplate.compile("x".repeat(10_000_000)))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("10,000,000 characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "[", "{1:", "-", "not ", "x[", "x(", "1 if 1 else "})
  void refusesDeepNesting(String open) {
    assertThatThrownBy(() -> JinjaTemplate.compile("{{ " + open.repeat(20_000) + "1"))
        .isInstanceOf(TemplateException.class);
    assertThatThrownBy(() -> JinjaTemplate.compile("{% if 1 %}".repeat(20_000)))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("nests");
  }

  @ParameterizedTest
  @ValueSource(strings = {"|upper", ".a", "[0]", "()", " is defined", "+1", "~1", " and 1", "**1"})
  void endsOnLongChains(String link) {
    try {
      render("{{ 1" + link.repeat(20_000) + " }}", Map.of());
    } catch (TemplateException e) {
      assertThat(e).hasMessageStartingWith("the chat template");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% for a in range(99999) %}{% for b in range(99999) %}{{ b }}{% endfor %}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
        "{% for x in [[]] recursive %}{{ loop([[]]) }}{% endfor %}",
        "{{ 'x' * 1000000000 }}",
        "{{ [0] * 1000000000 }}",
        "{{ 'x' * 10 ** 30 }}",
        "{{ 10 ** (10 ** 10) }}",
        "{{ 2 ** 100000 }}",
        "{% set ns = namespace(s='x') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(60) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(60) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s }}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(60) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s|tojson }}",
        "{% set ns = namespace(s=[1], t=[1]) %}{% for i in range(60) %}{% set ns.s = [ns.s, ns.s] %}{% set ns.t = [ns.t, ns.t] %}{% endfor %}{{ ns.s == ns.t }}",
        "{% set ns = namespace(s=(1,)) %}{% for i in range(60) %}{% set ns.s = (ns.s, ns.s) %}{% endfor %}{{ {ns.s: 1} }}",
        "{% set ns = namespace(s=[]) %}{% for i in range(90000) %}{% set ns.s = [ns.s] %}{% endfor %}{{ ns.s }}",
        "{% set ns = namespace(s=[]) %}{% for i in range(90000) %}{% set ns.s = [ns.s] %}{% endfor %}{{ ns.s == [] or ns.s|string }}",
        "{% set ns = namespace() %}{% set ns.a = [ns] %}{{ ns.a }}",
        "{{ ('x' * 16000000)|list|length }}",
        "{{ ('x,' * 8000000).split(',')|length }}",
        "{{ ('x' * 8000000).replace('', 'yyyyyyyyyy') }}",
        "{{ ('x' * 8000000)|replace('x', 'y' * 8000000) }}",
        "{{ '%2000000000d' % 1 }}",
        "{{ '%99999999d' % 1 }}",
        "{{ '{:>99999999}'.format(1) }}",
        "{{ 'x'.center(2000000000) }}",
        "{{ 'x'|indent(2000000000, true) }}",
        "{{ [1]|tojson(indent=2000000000) }}",
        "{{ [1, 2]|batch(2000000000, 0)|list }}",
        "{{ [1, 2]|slice(2000000000)|list }}",
        "{% set s = 'x' * 9000000 %}{% for i in range(99999) %}{{ 'y' in s }}{% endfor %}",
        "{% set s = 'x' * 9000000 %}{% for i in range(99999) %}{{ s is upper }}{% endfor %}",
        "{% set s = 'x' * 900000 %}{% set l = [s] * 1000 %}{{ l|join }}",
        "{{ range(100000)|list|map('string')|join * 99999 }}",
        "{% filter upper %}{% for i in range(99999) %}{{ 'x' * 9999 }}{% endfor %}{% endfilter %}",
      })
  void endsWithinItsBounds(String template) {
    JinjaTemplate compiled = JinjaTemplate.compile(template);
    assertThatThrownBy(() -> compiled.render(Map.of()))
        .isInstanceOf(TemplateException.class)
        .hasMessageStartingWith("the chat template failed: ");
  }

  @Test
  void mutatedTemplatesGiveATextOrATemplateException() throws IOException {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    System.out.println("mutated templates: -Dyuntai.seed=" + seed);
    Random random = new Random(seed);
    Cases all = cases();
    List<String> sources = new ArrayList<>();
    all.cases().forEach(each -> sources.add(each.template()));
    String pieces = "{}%#-+|.,:()[]'\"\\ \n~*/=<>!01ax_";
    for (int round = 0; round < 5_000; round++) {
      StringBuilder mutant = new StringBuilder(sources.get(random.nextInt(sources.size())));
      for (int i = random.nextInt(4); i >= 0; i--) {
        int at = random.nextInt(mutant.length() + 1);
        int end = Math.min(mutant.length(), at + random.nextInt(6));
        switch (random.nextInt(4)) {
          case 0 -> mutant.delete(at, end);
          case 1 -> mutant.insert(at, pieces.charAt(random.nextInt(pieces.length())));
          case 2 -> mutant.insert(at, mutant.substring(at, end));
          default -> {
            String other = sources.get(random.nextInt(sources.size()));
            int from = random.nextInt(other.length() + 1);
            mutant.insert(at, other, from, Math.min(other.length(), from + random.nextInt(20)));
          }
        }
      }
      try {
        render(mutant.toString(), all.variables());
      } catch (TemplateException expected) {
        assertThat(expected.getMessage()).isNotNull();
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
        throw new AssertionError("seed " + seed + ": " + mutant, e);
      }
    }
  }

  @Test
  void tellsTheTemplatesCharactersFromTheRequests() {
    Map<String, ?> variables =
        Map.of("role", new TemplateText("user"), "content", "<end>", "parts", List.of("<e", "nd>"));
    for (String template :
        List.of(
            "{{ '<' ~ role ~ '>' }}{{ content }}<end>",
            "<{{ role }}>{{ parts|join }}<end>",
            "<{{ role }}>{{ '%s' % content }}{{ '<END>'|lower }}",
            "{% set x %}<{{ role }}>{{ content }}<end>{% endset %}{{ x|trim }}",
            "{{ ('<user>' + content + '<end>').replace('q', 'r') }}",
            "{{ ('xxx<user>' + content + '<end>yy')[3:-2] }}",
            "{{ '<user>{}<end>'.format(content) }}",
            "{% macro m(c) %}<user>{{ c }}<end>{% endmacro %}{{ m(content|upper|lower) }}")) {
      RenderedText rendered = JinjaTemplate.compile(template).renderTraced(variables);
      assertThat(rendered.text()).as(template).isEqualTo("<user><end><end>");
      assertThat(rendered.isFromTemplate(0, 6)).as(template).isTrue();
      for (int i = 6; i < 11; i++) {
        assertThat(rendered.isFromTemplate(i, i + 1)).as("%s at %d", template, i).isFalse();
      }
      assertThat(rendered.isFromTemplate(11, 16)).as(template).isTrue();
    }
  }

  @Test
  void readsTheClockItIsGiven() {
    assertThat(render("{{ strftime_now('%d %b %Y') }}", Map.of())).isEqualTo("02 Jan 2026");
  }
}
