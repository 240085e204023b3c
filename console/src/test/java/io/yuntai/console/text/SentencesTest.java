package io.yuntai.console.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What floors below refuse is told in Chinese, too. */
class SentencesTest {
  private static final Pattern REFUSAL =
      Pattern.compile(
          "(?:RefusedException\\.invalid|new RefusedException|new SignInException|refused"
              + "|ApiError\\.(?:invalidRequest|invalidField|tooMany|unavailable))\\(");
  private static final Pattern TEXT = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

  /** Where the sentences come from that a page can show. */
  private static final List<String> ROOTS =
      List.of(
          "ledger/src/main/java/io/yuntai/ledger/budgets",
          "ledger/src/main/java/io/yuntai/ledger/identity",
          "ledger/src/main/java/io/yuntai/ledger/keys",
          "ledger/src/main/java/io/yuntai/ledger/requests",
          "ledger/src/main/java/io/yuntai/ledger/tenancy",
          "ledger/src/main/java/io/yuntai/ledger/texts",
          "ledger/src/main/java/io/yuntai/ledger/threads",
          "server/src/main/java/io/yuntai/server/admin",
          "server/src/main/java/io/yuntai/server/auth",
          "server/src/main/java/io/yuntai/server/shelf",
          "console/src/main/java");

  /** What programs ask for and no page does. */
  private static final Set<String> NO_PAGE =
      Set.of(
          "AdminApi",
          "AdminRequest",
          "AlertRoutes",
          "InvoiceRoutes",
          "OnceOnly",
          "PlanRoutes",
          "PriceRoutes",
          "ReportRoutes",
          "RequestRoutes",
          "SealedAnswers",
          "UsageLines");

  private final Sentences sentences = Sentences.load();

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.exists(folder.resolve("docs/observability.md"))) {
      folder = folder.getParent();
    }
    return Path.of(String.valueOf(folder));
  }

  private static Set<String> refusals() throws IOException {
    Set<String> found = new TreeSet<>();
    for (String root : ROOTS) {
      try (Stream<Path> files = Files.walk(root().resolve(root))) {
        for (Path file : files.filter(one -> one.toString().endsWith(".java")).toList()) {
          if (!NO_PAGE.contains(file.getFileName().toString().replace(".java", ""))) {
            addFrom(Files.readString(file), found);
          }
        }
      }
    }
    return found;
  }

  private static void addFrom(String source, Set<String> found) {
    Matcher refusal = REFUSAL.matcher(source);
    while (refusal.find()) {
      for (String argument : arguments(source, refusal.end())) {
        String told = sentence(argument);
        if (told.contains(" ") && told.endsWith(".") && told.matches("(?s).*[a-z]{3}.*")) {
          found.add(told);
        }
      }
    }
  }

  /** Of a call, each choice between two texts by itself. */
  private static List<String> arguments(String source, int from) {
    List<String> arguments = new ArrayList<>();
    int depth = 1;
    int begin = from;
    boolean text = false;
    for (int at = from; depth > 0; at++) {
      char c = source.charAt(at);
      if (text) {
        if (c == '\\') {
          at++;
        } else if (c == '"') {
          text = false;
        }
      } else if (c == '"') {
        text = true;
      } else if (c == '(') {
        depth++;
      } else if (c == ')') {
        depth--;
      }
      boolean apart = depth == 1 && (c == ',' || c == '?' || c == ':');
      if (!text && (depth == 0 || apart)) {
        arguments.add(source.substring(begin, at));
        begin = at + 1;
      }
    }
    return arguments;
  }

  /** Texts that are joined, with a place for each value between them. */
  private static String sentence(String argument) {
    String joined = argument.replaceAll("(?s)\\.formatted\\(.*", "");
    StringBuilder told = new StringBuilder();
    int end = 0;
    Matcher text = TEXT.matcher(joined);
    while (text.find()) {
      told.append(isValue(joined.substring(end, text.start())) ? "%s" : "").append(text.group(1));
      end = text.end();
    }
    return told.toString().replace("\\\"", "\"");
  }

  private static boolean isValue(String between) {
    return between.replaceAll("[\\s+]|//.*", "").length() > 0;
  }

  @Test
  void eachRefusalThatAPageCanShowHasItsChinese() throws Exception {
    Set<String> refusals = refusals();
    assertThat(refusals).hasSizeGreaterThan(80);
    List<String> missing =
        refusals.stream()
            .filter(
                told -> sentences.other(told.replace("%d", "7").replace("%s", "acme")).isEmpty())
            .toList();
    assertThat(missing).as("lines for sentences_zh.txt").isEmpty();
  }

  @Test
  void valuesStandWhereTheyBelong() {
    assertThat(sentences.other("There is no tenant 'acme'.")).contains("没有租户“acme”。");
    assertThat(sentences.other("The limit is 1 to 1000, not 0.")).contains("条数为 1 至 1000，而不是 0。");
    assertThat(sentences.other("Something else entirely.")).isEmpty();
    assertThat(sentences.other("x".repeat(1 << 20))).isEmpty();
  }
}
