package io.yuntai.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.yuntai.engine.measure.Machine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class ReportTest {
  private static final Machine MACHINE = new Machine("A <fast> one", 2, "Linux", "25", 0.1);

  @TempDir private Path folder;

  private static Measurement measurement(
      String model, Unit unit, List<Double> ours, List<Double> theirs) {
    return new Measurement(
        new Measurement.Run("2026-11-22", model, 2, 0.1),
        Scenario.PREFILL,
        "prefill, 512 tokens",
        unit,
        Map.of("kernel", "vector-512", "java", "25"),
        Map.of("kernel", "cpu-x64", "version", "1", "flash_attention", "on"),
        ours,
        theirs);
  }

  private static Report report(Measurement... measurements) {
    return new Report(MACHINE, List.of(measurements));
  }

  @Test
  void advantagesAreTakenPairByPairAndAboveOneWhereYuntaiIsBetter() {
    List<Double> ours = List.of(10.0, 40.0);
    List<Double> theirs = List.of(20.0, 20.0);
    assertThat(measurement("m", Unit.TOKENS_PER_SECOND, ours, theirs).advantages())
        .containsExactly(0.5, 2.0);
    assertThat(measurement("m", Unit.SECONDS, ours, theirs).advantages()).containsExactly(2.0, 0.5);
    assertThat(measurement("m", Unit.SECONDS, ours, List.of()).advantages()).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> measurement("m", Unit.SECONDS, ours, List.of(1.0)));
  }

  @Test
  void aFileGivesBackWhatWasWrittenToIt() throws Exception {
    Report report =
        report(
            measurement("m", Unit.SECONDS, List.of(1.5), List.of(3.0)),
            measurement("alone", Unit.MEGABYTES, List.of(7.0), List.of()));
    Path file = Files.writeString(folder.resolve("report.json"), report.json());
    assertThat(Report.read(file)).isEqualTo(report);
    Files.writeString(file, "{\"machine\": 3}");
    assertThatExceptionOfType(BenchException.class)
        .isThrownBy(() -> Report.read(file))
        .withMessageContaining("report.json");
  }

  @Test
  void whatIsMeasuredAgainReplacesWhatWasAndTheRestStays() {
    Measurement old = measurement("a", Unit.SECONDS, List.of(1.0), List.of(1.0));
    Measurement other = measurement("b", Unit.SECONDS, List.of(2.0), List.of(2.0));
    Measurement again = measurement("a", Unit.SECONDS, List.of(3.0), List.of(3.0));
    assertThat(report(again).after(report(old, other)).measurements())
        .containsExactly(again, other);
    Report elsewhere = new Report(new Machine("Another", 2, "Linux", "25", 0), List.of(other));
    assertThat(report(again).after(elsewhere).measurements()).containsExactly(again);
  }

  @Test
  void thePageShowsMedianAndRangeAndKeepsTheTextAroundIt() throws Exception {
    Path page =
        Files.writeString(
            folder.resolve("page.md"),
            "# Title\n<!-- results -->\nold\n<!-- end of results -->\nThe end.\n");
    Report report =
        report(
            measurement(
                "m",
                Unit.TOKENS_PER_SECOND,
                List.of(300.0, 200.0, 250.0),
                List.of(100.0, 100.0, 100.0)));
    MarkedText.replace(page, "results", BenchmarksPage.markdown(report));
    assertThat(Files.readString(page))
        .startsWith("# Title\n<!-- results -->\n### m\n")
        .endsWith("<!-- end of results -->\nThe end.\n")
        .doesNotContain("old")
        .contains(
            "| prefill, 512 tokens | tokens/s | **250** (200 to 300) | **100** (100 to 100) |")
        .contains("(2.00 to 3.00) | 3 |", "A <fast> one; 2 cores", "on in prefill");
    assertThatExceptionOfType(BenchException.class)
        .isThrownBy(() -> MarkedText.replace(page, "other", ""))
        .withMessageContaining("<!-- other -->");
  }

  @Test
  void theChartIsWellFormedAndHasABarForEachComparison() throws Exception {
    Report report =
        report(
            measurement("a & b", Unit.TOKENS_PER_SECOND, List.of(300.0), List.of(100.0)),
            measurement("c", Unit.SECONDS, List.of(3000.0), List.of(1.0)),
            measurement("d", Unit.SECONDS, List.of(1.0), List.of()));
    Document chart =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(Files.writeString(folder.resolve("chart.svg"), Chart.svg(report)).toFile());
    assertThat(chart.getElementsByTagName("rect").getLength()).isEqualTo(2);
    assertThat(Chart.svg(report)).contains("a &amp; b", "class=\"better\"", "class=\"worse\"");
  }
}
