package io.yuntai.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.Messages;
import io.yuntai.cli.terminal.Screen;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PlanCommandTest {
  @TempDir private Path folder = Path.of("");

  private static String run(String language, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Screen screen =
        new Screen(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            "",
            80,
            Map.of());
    CommandLine plan = PlanCommand.tree(new CliContext(screen, Messages.in(language), Map.of()));
    plan.setExecutionExceptionHandler((e, _, _) -> {
      throw e;
    });
    assertThat(plan.execute(arguments)).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  private static JsonNode json(String... arguments) {
    return new JsonMapper().readTree(run("en", arguments));
  }

  @Test
  void saysFromWhichUseOnBuyingIsCheaper() {
    JsonNode answer = json("rent-or-buy", "--json");
    assertThat(answer.path("cost_per_year_usd").asDouble()).isCloseTo(122_047, within(1.0));
    assertThat(answer.path("break_even_use").asDouble()).isCloseTo(0.67, within(0.005));
    assertThat(answer.path("break_even_output_tokens_per_day").asDouble())
        .isCloseTo(80.8e6, within(0.1e6));
    assertThat(run("en", "rent-or-buy", "--use", "50")).startsWith("Rent: ").contains("67 %");
    Path chart = folder.resolve("curve.svg");
    assertThat(run("en", "rent-or-buy", "--use", "70", "--chart", chart.toString()))
        .startsWith("Buy: ");
    assertThat(chart).content().contains("the same at 67 %");
    assertThat(folder.resolve("curve.csv")).content().startsWith("use,own_usd");
    assertThat(run("zh", "rent-or-buy", "--use", "70")).startsWith("买：").contains("67 %");
    assertThat(run("en", "rent-or-buy", "--set", "rent.accelerator-hour=1.6 USD/accelerator/h"))
        .contains("even if that is always busy (109 %)");
  }

  @Test
  void saysHowManyAcceleratorsALoadTakes() {
    String[] arguments = {"size", "--model", "deepseek-v3", "--chip", "h200", "--requests", "20"};
    String text = run("en", arguments);
    assertThat(text).contains("h200 in ", " replicas of ", "One site;", "hardware's");
    JsonNode one =
        json("size", "--model", "llama-70b", "--chip", "h100", "--requests", "9", "--json");
    JsonNode three =
        json(
            "size",
            "--model",
            "llama-70b",
            "--chip",
            "h100",
            "--requests",
            "9",
            "--sites",
            "3",
            "--json");
    assertThat(three.path("accelerators").asInt()).isGreaterThan(one.path("accelerators").asInt());
    assertThat(three.path("replicas").asInt() % 3).isZero();
  }

  @Test
  void showsWhereNumbersComeFrom() throws IOException {
    assertThat(run("en", "facts", "chip.h20.")).contains("chip.h20.memory", "96", "GB");
    Path own = folder.resolve("own.toml");
    Files.writeString(
        own,
        """
        [hall]
        price = { value = 120, unit = "USD/kW/month", source = "our offer", date = "2020-01", confidence = "published" }
        """);
    assertThat(run("en", "facts", "hall", "--facts", own.toString()))
        .contains("120", "2020-01 (old)", "our offer");
  }

  @Test
  void tellsTheNextHours() throws IOException {
    StringBuilder csv = new StringBuilder("hour,served\n");
    for (int i = 0; i < 24 * 14; i++) {
      csv.append(Instant.EPOCH.plus(Duration.ofHours(i))).append(',').append(i % 24).append('\n');
    }
    Path usage = Files.writeString(folder.resolve("usage.csv"), csv);
    JsonNode forecast = json("forecast", usage.toString(), "--hours", "3", "--json");
    assertThat(forecast.at("/hours/2/hour").stringValue()).isEqualTo("1970-01-15T02:00:00Z");
    assertThat(forecast.at("/hours/2/q0.95").asDouble()).isEqualTo(2);
    assertThat(forecast.at("/naive/mase").asDouble()).isZero();
    assertThat(run("en", "forecast", usage.toString()))
        .contains("yesterday's hour", "1970-01-15T23:00:00Z");
    Path counted =
        Files.writeString(
            folder.resolve("counted.csv"),
            csv.toString()
                .replace("hour,served", "hour,model,requests,output,refused")
                .replaceAll("(?m)Z,([0-9]+)$", "Z,m,10,$1,10"));
    String[] twice = {"forecast", counted.toString(), "--hours", "3", "--json", "--model", "m"};
    assertThat(json(twice).at("/hours/2/q0.95").asDouble()).isEqualTo(4);
    assertThatThrownBy(() -> fail("forecast", counted.toString(), "--model", "x"))
        .hasMessageContaining("nothing of the model 'x'; there are [m]");
    assertThatThrownBy(() -> fail("forecast", folder.resolve("nothing.csv").toString()))
        .hasMessageContaining("nothing.csv is not there; look for its name and folder.");
  }

  @Test
  void modelsAndRegionsAddUpToTheWhole() throws IOException {
    StringBuilder csv = new StringBuilder("hour,model,region,requests,output\n");
    for (int i = 0; i < 24 * 16; i++) {
      for (int part = 0; part < 4; part++) {
        csv.append(Instant.EPOCH.plus(Duration.ofHours(i)))
            .append(part < 2 ? ",large" : ",small")
            .append(part % 2 == 0 ? ",north,9," : ",south,9,")
            .append(100 * (part + 1) + 10 * (i % 24) + i * 31 % 17)
            .append('\n');
      }
    }
    String usage = Files.writeString(folder.resolve("parts.csv"), csv).toString();
    JsonNode told = json("forecast", usage, "--by", "model,region", "--hours", "30", "--json");
    assertThat(told.path("nodes").size()).isEqualTo(1 + 4 + 4);
    for (int h = 0; h < 30; h++) {
      double sum = 0;
      for (int part = 5; part < 9; part++) {
        sum += told.at("/nodes/%d/hours/%d".formatted(part, h)).asDouble();
      }
      assertThat(told.at("/nodes/0/hours/" + h).asDouble()).isEqualTo(sum);
    }
    assertThat(told.path("mase").asDouble())
        .isLessThanOrEqualTo(told.path("naive_mase").asDouble());
    assertThat(run("en", "forecast", usage, "--by", "region")).contains("all", "north", "south");
    assertThatThrownBy(() -> fail("forecast", usage, "--by", "colour"))
        .hasMessageContaining("model, region or model,region");
  }

  @Test
  void aPlanIsWrittenSolvedShownComparedAndExported() throws IOException {
    String plan = folder.resolve("plan.toml").toString();
    assertThat(run("en", "new", plan)).contains("plan.toml is written");
    assertThat(run("en", "solve", plan, "--gap", "2", "--pure-java"))
        .contains("net present value", "2027-Q1");
    assertThat(run("zh", "show", plan)).contains("净现值");
    assertThat(run("en", "show", plan, "--table", "orders")).contains("server-h100");
    assertThat(run("en", "show", plan, "--table", "assumptions")).contains("old", "estimate");
    JsonNode shown = json("show", plan, "-o", "json");
    assertThat(shown.path("gap").asDouble()).isLessThanOrEqualTo(0.02);
    String cheaper = folder.resolve("cheaper.toml").toString();
    Files.writeString(
        Path.of(cheaper),
        Files.readString(Path.of(plan)).replace("45 CNY/million token", "40 CNY/million token"));
    JsonNode solved = json("solve", cheaper, "--gap", "2", "--pure-java", "-o", "json");
    assertThat(solved.path("net_present_value_millions").asDouble())
        .isLessThan(shown.path("net_present_value_millions").asDouble());
    assertThat(run("en", "compare", plan, cheaper))
        .contains("net present value", "classes.chat.price", "40 CNY/million token");
    String out = folder.resolve("out").toString();
    for (String form : new String[] {"xlsx", "csv", "json", "focus", "pdf", "svg", "mps"}) {
      assertThat(run("en", "export", plan, "--as", form, "--to", out)).contains(out);
    }
    assertThat(Files.readString(Path.of(out, "tornado.svg"))).contains("10 % lower or higher");
    Path places =
        Files.writeString(folder.resolve("places.csv"), "name,latitude,longitude\nrack,31,121\n");
    run(
        "en",
        "export",
        plan,
        "--as",
        "svg",
        "--to",
        out,
        "--change",
        "25",
        "--solve-again",
        "--gap",
        "2",
        "--places",
        places.toString());
    assertThat(Files.readString(Path.of(out, "tornado.svg")))
        .contains("25 % lower or higher", "a new plan for each change");
    assertThat(Files.readString(Path.of(out, "tornado.csv"))).contains("discount rate,0.25,");
    assertThat(Files.readString(Path.of(out, "map.csv"))).contains("rack,31.0,121.0,");
    assertThat(Files.readString(Path.of(out, "plan.pdf"), StandardCharsets.ISO_8859_1))
        .startsWith("%PDF-1.4")
        .contains("/Count 1 ");
    Files.writeString(Path.of(plan), Files.readString(Path.of(cheaper)).replace("= 1.6", "= 1.5"));
    assertThatThrownBy(() -> fail("show", plan)).hasMessageContaining("solve it again");
    assertThatThrownBy(() -> fail("new", plan)).hasMessageContaining("is there already");
    assertThatThrownBy(() -> fail("export", cheaper, "--as", "svg", "--to", out, "--places", plan))
        .hasMessageContaining("the heading must be");
    assertThatThrownBy(() -> fail("export", cheaper, "--as", "svg", "--to", out, "--change", "0"))
        .hasMessageContaining("more than 0 %");
    assertThatThrownBy(() -> fail("show", plan, "-o", "yaml")).hasMessageContaining("yaml");
  }

  @Test
  void aRobustPlanAndItsGoalsAreTold() throws IOException {
    Path plan = folder.resolve("robust.toml");
    run("en", "new", plan.toString());
    Files.writeString(
        plan,
        Files.readString(plan).replace("goal = \"value\" ", "goals = [\"service\", \"value\"] ")
            + """
            [robust]
            up = "30 %"
            down = "30 %"
            at-once = 1
            known-from = "2027-Q4"
            """);
    assertThat(run("en", "solve", plan.toString(), "--pure-java"))
        .contains("Its goals went one before the other")
        .contains("Goal 1 of 3, service: ")
        .contains("Goal 2 of 3, risk: the worst 33.3 % of all futures are worth ")
        .contains("Goal 3 of 3, value: it is worth ");
    assertThat(run("zh", "show", plan.toString())).contains("各目标按先后次序求解");
    assertThat(run("en", "show", plan.toString(), "--table", "orders")).contains("as expected");
    assertThat(run("en", "explain", plan.toString(), "--most", "1", "--without", "1")).isNotEmpty();
    assertThatThrownBy(() -> fail("explain", plan.toString(), "--futures"))
        .hasMessageContaining("several, one before the other");
    String out = folder.resolve("robust-out").toString();
    assertThat(run("en", "export", plan.toString(), "--as", "xlsx", "--to", out)).contains(out);
  }

  @Test
  void aPlanIsExplainedByLimitsByWhatElseAndByItsFutures() throws IOException {
    Path plan = folder.resolve("plan.toml");
    run("en", "new", plan.toString());
    Files.writeString(
        plan,
        """

        [scenarios.base]
        probability = 0.6
        [scenarios.slow]
        probability = 0.4
        splits-from = "base"
        known-from = "2027-Q3"
        demand = 0.5
        """,
        StandardOpenOption.APPEND);
    run("en", "solve", plan.toString(), "--gap", "1", "--pure-java");
    String[] asked = {
      "explain", plan.toString(), "--most", "2", "--without", "2", "--free", "2", "--futures"
    };
    assertThat(run("en", asked))
        .contains("Without ", "WHAT", "the worst futures", "SCENARIO", "slow");
    assertThat(run("zh", asked)).contains("最差情景");
    List<String> all = new ArrayList<>(List.of(asked));
    all.addAll(List.of("-o", "json"));
    JsonNode explained = json(all.toArray(String[]::new));
    assertThat(explained.path("without").size()).isEqualTo(2);
    assertThat(explained.at("/without/0/sentence").asString()).startsWith("Without ");
    assertThat(explained.at("/free").size()).isPositive();
    assertThat(explained.at("/futures/regrets").size()).isEqualTo(2);
    assertThat(explained.at("/futures/perfect_information_millions").asDouble())
        .isGreaterThan(-0.02 * Math.abs(explained.at("/futures/expected_millions").asDouble()));
  }

  @Test
  void anOldPlanIsValuedByTheUsageThatCame() throws IOException {
    String plan = folder.resolve("plan.toml").toString();
    run("en", "new", plan);
    run("en", "solve", plan, "--gap", "2", "--pure-java");
    StringBuilder csv = new StringBuilder("hour,requests,output\n");
    Instant first = Instant.parse("2027-01-01T00:00:00Z");
    for (int i = 0; i < 24 * 90; i++) {
      csv.append(first.plus(Duration.ofHours(i))).append(",1000,3600000\n");
    }
    Path usage = Files.writeString(folder.resolve("came.csv"), csv);
    JsonNode replay = json("replay", plan, "--usage", usage.toString(), "-o", "json");
    assertThat(replay.path("quarters_metered").asInt()).isEqualTo(1);
    assertThat(replay.path("known_millions").asDouble())
        .isGreaterThan(0.95 * replay.path("came_millions").asDouble());
    assertThat(run("en", "replay", plan, "--usage", usage.toString())).contains("Not knowing cost");
  }

  @Test
  void slipsAreNamed() {
    assertThatThrownBy(() -> fail("size", "--model", "gpt-9", "--chip", "h200", "--requests", "1"))
        .hasMessageContaining("'gpt-9'")
        .hasMessageContaining("deepseek-v3");
    assertThatThrownBy(() -> fail("rent-or-buy", "--set", "hall.price=120 USD/kW"))
        .hasMessageContaining("hall.price is in USD/kW/month");
    assertThatThrownBy(() -> fail("rent-or-buy", "--set", "hall.prise=120 USD/kW/month"))
        .hasMessageContaining("near it are hall.price");
    assertThatThrownBy(() -> fail("rent-or-buy", "--set", "capital.interest=8 1"))
        .hasMessageContaining("0.08 is 8 %");
    assertThatThrownBy(() -> fail("rent-or-buy", "--set", "nonsense"))
        .hasMessageContaining("not 'nonsense'");
    assertThatThrownBy(() -> fail("facts", "nothing")).hasMessageContaining("'nothing'");
  }

  private static void fail(String... arguments) {
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    Screen screen =
        new Screen(
            new PrintStream(errors, true, StandardCharsets.UTF_8),
            new PrintStream(errors, true, StandardCharsets.UTF_8),
            "",
            80,
            Map.of());
    CommandLine plan = PlanCommand.tree(new CliContext(screen, Messages.in("en"), Map.of()));
    RuntimeException[] thrown = new RuntimeException[1];
    plan.setExecutionExceptionHandler((e, _, _) -> {
      thrown[0] = (CommandException) e;
      return 1;
    });
    plan.setParameterExceptionHandler((e, _) -> {
      thrown[0] = e;
      return 2;
    });
    plan.execute(arguments);
    if (thrown[0] != null) {
      throw thrown[0];
    }
  }
}
