package io.yuntai.console.markdown;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.console.markdown.MarkdownStream.Patch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Untrusted Markdown becomes harmless HTML, whole and as it grows. */
class MarkdownTest {
  private static final Markdown MARKDOWN =
      new Markdown(new Markdown.Labels("Copy", "code", "Table"));

  /** Every tag that may be written, with every attribute that it may have. */
  private static final Pattern TAG =
      Pattern.compile(
          "</?(?:div|p|h[1-6]|blockquote|ul|ol|li|pre|code|hr|br|em|strong|del|table|thead|tbody|tr|th|td"
              + "|figure|figcaption|span|button|a|math|semantics|annotation|m[a-z]+)"
              + "(?: (?:class|type|tabindex|role|aria-label|scope|start|rel|target|href|display|encoding"
              + "|stretchy|width|accent|linethickness|mathvariant)=\"[^\"<>]*\")*>");

  private static final Pattern HREF = Pattern.compile("href=\"([^\"]*)\"");

  private static void assertHarmless(String html, String source) {
    String rest = TAG.matcher(html).replaceAll("");
    assertThat(rest).as(source).doesNotContain("<").doesNotContain(">");
    Matcher links = HREF.matcher(html);
    while (links.find()) {
      assertThat(links.group(1)).as(source).matches("(?i)(https?://|mailto:).*");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)> b",
        "[x](javascript:alert(1)) [y](JaVaScRiPt:alert(1)) [z](data:text/html,x)",
        "[x](&#106;avascript:alert(1)) [x](java\nscript:alert(1)) [x]( javascript:1)",
        "![pixel](https://evil.example/p.png?q=secret)",
        "<a href=\"javascript:1\">x</a> <https://a.example/\"onmouseover=\"x>",
        "[a](https://a.example/\"onclick=\"x) [b](https://b.example 'title\"<')",
        "```\"><script>alert(1)</script>\nx\n```",
        "$\\text{<script>}$ $$<b>$$ \\(\\href{javascript:1}{x}\\)",
        "| <b> | \"x\" |\n|---|---|\n| <i>a | `<u>` |",
        "[a]: javascript:alert(1)\n\n[a]",
        "https://a.example/<script> https://b.example/\"x\" https://c.example).",
      })
  void nothingThatIsWrittenCanDoAnything(String source) {
    String html = MARKDOWN.html(source);
    assertHarmless(html, source);
    assertThat(html).doesNotContain("<img").doesNotContain("<script");
  }

  @Test
  void writesWhatMarkdownMeans() {
    String html =
        MARKDOWN.html(
            "# T\n\n- a\n- **b**\n\n| n | m |\n|--:|---|\n| 1 | $x_1$ |\n\n```java\nint a = 1; // c\n```\n~~no~~ https://e.example.");
    assertThat(html)
        .contains("<h3>T</h3>")
        .contains("<li>a</li><li><strong>b</strong></li>")
        .contains("<th scope=\"col\" class=\"end\">n</th>")
        .contains("<msub><mi>x</mi><mrow><mn>1</mn></mrow></msub>")
        .contains("<span class=\"kw\">int</span> a = <span class=\"num\">1</span>;")
        .contains("<span class=\"com\">// c</span>")
        .contains("<del>no</del>")
        .contains("href=\"https://e.example\"")
        .contains("class=\"copy-code\">Copy</button>");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "\\frac{a}{b} ~ <mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac>",
        "\\sqrt[3]{x} ~ <mroot><mrow><mi>x</mi></mrow><mrow><mn>3</mn></mrow></mroot>",
        "\\alpha + 12.5 ~ <mi>α</mi><mo>+</mo><mn>12.5</mn>",
        "\\mathbb{R} ~ <mi>ℝ</mi>",
        "\\not= ~ <mo>=\u0338</mo>",
        "x^{2}_i ~ <msubsup><mi>x</mi>",
        "\\begin{pmatrix}a&b\\\\c&d\\end{pmatrix} ~ <mtr><mtd><mi>c</mi></mtd><mtd><mi>d</mi></mtd></mtr>",
        "\\left( \\frac12 \\right] ~ <mo stretchy=\"true\">(</mo><mfrac><mn>1</mn><mn>2</mn></mfrac>",
      })
  void formulasAreMathMl(String latex, String inside) {
    assertThat(MathMl.html(latex, false)).contains("<math><semantics>").contains(inside);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\frac{a",
        "}",
        "\\nosuch",
        "\\begin{x}\\end{y}",
        "a & b }",
        "\\left( x",
        "\\sqrt["
      })
  void whatIsNoFormulaStaysAsItWasWritten(String latex) {
    assertThat(MathMl.html(latex, true))
        .isEqualTo("<code class=\"tex\">" + Html.escaped(latex) + "</code>");
  }

  @Test
  void moneyIsNoFormula() {
    assertThat(MARKDOWN.html("It costs $5 and then $6 in all"))
        .isEqualTo("<div class=\"b\"><p>It costs $5 and then $6 in all</p></div>");
  }

  @Test
  void hugeAndNestedTextsStayBounded() {
    for (String piece :
        List.of(
            ">",
            "- ",
            "[",
            "![",
            "*a **a ",
            "`a ``b ",
            "$a ",
            "\\(",
            "\\[a ",
            "<a ",
            "[a](",
            "*_",
            "~~",
            "# ",
            "1. ",
            "|a",
            "{",
            "$$\\frac",
            "```\n",
            "\n\n- a\n  ",
            "&amp;",
            "https://a")) {
      String source = piece.repeat(120_000 / piece.length());
      assertThat(MARKDOWN.html(source).length()).as(piece).isLessThan(20_000_000);
      assertHarmless(MARKDOWN.html(source.substring(0, 3_000)), piece);
    }
    String table = "|" + "a|".repeat(5000) + "\n|" + "-|".repeat(5000) + "\n" + "|x\n".repeat(5000);
    assertThat(MARKDOWN.html(table).length()).isLessThan(20_000_000);
    assertThat(MARKDOWN.html("<b>".repeat(100_000)))
        .startsWith("<div class=\"b\"><pre class=\"plain\">");
  }

  private static final List<String> PIECES =
      List.of(
          "word ",
          "\n",
          "\n\n",
          "# ",
          "- ",
          "  ",
          "    ",
          "1. ",
          "> ",
          "```",
          "```java\n",
          "~~~\n",
          "`",
          "*",
          "**",
          "_",
          "[a](http://b.example)",
          "[r]",
          "\n\n[r]: http://c.example\n",
          "| a | b |\n",
          "|---|---|\n",
          "| 1 | 2 |\n",
          "$",
          "$$",
          "\n$$\n",
          "\\(",
          "\\)",
          "\n\\[\n",
          "\\]",
          "\\frac{a}{b}",
          "x_1^2",
          "<script>",
          "<!--",
          "-->",
          "<div>\n",
          "---\n",
          "===\n",
          "\\",
          "&lt;",
          "云台",
          "\uD83D\uDE00",
          "\t",
          "https://d.example/",
          "![i](http://e.example)",
          "~~",
          "* * *\n",
          "+ ",
          "\\begin{cases}",
          "}");

  private static String random(Random random) {
    StringBuilder text = new StringBuilder();
    int pieces = random.nextInt(60);
    for (int i = 0; i < pieces; i++) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }

  @Test
  void whatGrowsShowsInTheEndWhatTheWholeIs() {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 400; round++) {
      String text = random(random);
      String told = "seed %d round %d: %s".formatted(seed, round, text);
      MarkdownStream stream = new MarkdownStream(MARKDOWN);
      List<String> view = new ArrayList<>();
      int at = 0;
      while (at < text.length()) {
        int more = Math.min(text.length() - at, 1 + random.nextInt(12));
        stream.add(text.substring(at, at + more));
        at += more;
        apply(stream.patches(), view);
        view.forEach(block -> assertHarmless(block, told));
      }
      apply(stream.finish(), view);
      assertThat(view).as(told).isEqualTo(MARKDOWN.blocks(text));
      assertHarmless(MARKDOWN.html(text), told);
    }
  }

  private static void apply(List<Patch> patches, List<String> view) {
    for (Patch patch : patches) {
      switch (patch) {
        case Patch.Set(int block, String html) -> {
          if (block == view.size()) {
            view.add(html);
          } else {
            view.set(block, html);
          }
        }
        case Patch.Code(int block, String code) ->
            view.set(
                block,
                view.get(block).replace("</code></pre>", Html.escaped(code) + "</code></pre>"));
        case Patch.Keep(int blocks) -> view.subList(blocks, view.size()).clear();
      }
    }
  }

  @Test
  void blocksThatAreDoneAreNotSentAgainAndCodeOnlyGrows() {
    MarkdownStream stream = new MarkdownStream(MARKDOWN);
    stream.add("one\n\ntwo\n\n```py\na = 1\n");
    assertThat(stream.patches()).hasSize(3);
    stream.add("b = 2\n");
    assertThat(stream.patches()).containsExactly(new Patch.Code(2, "\nb = 2"));
    stream.add("```\n\nthree");
    assertThat(stream.patches())
        .extracting(patch -> patch instanceof Patch.Set set ? set.block() : -1)
        .containsExactly(2, 3);
    assertThat(stream.finish()).isEmpty();
  }
}
