package io.yuntai.planner.exports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.exports.PlanCharts.Chart;
import io.yuntai.planner.files.PlanFile;
import io.yuntai.planner.files.PlanTemplate;
import io.yuntai.planner.finance.OwnServer;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.stress.Tornado;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class PlanChartsTest {
  private static PlanFile file;
  private static Plan plan;
  private static Map<String, Chart> charts;

  @BeforeAll
  static void draw() {
    file = SolvedTemplates.file(PlanTemplate.ENTERPRISE);
    plan = SolvedTemplates.solve(file);
    charts = PlanCharts.of(plan, file.context(), Tornado.valuedAnew(plan, 0.1), Places.known());
  }

  private static Chart chart(Map<String, Chart> all, String name) {
    return Objects.requireNonNull(all.get(name), name);
  }

  private static Document parsed(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void chartsAreWellFormedAndTheSameTwice() throws Exception {
    assertThat(charts.keySet()).containsExactlyElementsOf(PlanCharts.names());
    for (Map.Entry<String, Chart> one : charts.entrySet()) {
      String svg = one.getValue().svg();
      assertThat(parsed(svg).getDocumentElement().getTagName()).isEqualTo("svg");
      assertThat(svg).as(one.getKey()).doesNotContain("NaN", "Infinity");
      assertThat(one.getValue().table().rows()).as(one.getKey()).isNotEmpty();
      one.getValue()
          .table()
          .rows()
          .forEach(row -> assertThat(row).hasSameSizeAs(one.getValue().table().columns()));
    }
    assertThat(PlanCharts.of(plan, file.context(), Tornado.valuedAnew(plan, 0.1), Places.known()))
        .isEqualTo(charts);
  }

  /** What a picture shows is said to those who don't see it, with numbers. */
  @Test
  void chartsHaveTextAlternatives() throws Exception {
    for (Map.Entry<String, Chart> one : charts.entrySet()) {
      Element svg = parsed(one.getValue().svg()).getDocumentElement();
      String[] labels = svg.getAttribute("aria-labelledby").split(" ");
      assertThat(labels).hasSize(2);
      assertThat(svg.getElementsByTagName("title").item(0).getTextContent()).isNotBlank();
      Element told = (Element) svg.getElementsByTagName("desc").item(0);
      assertThat(told.getAttribute("id")).isEqualTo(labels[1]);
      assertThat(told.getTextContent())
          .as(one.getKey())
          .containsPattern("[0-9]")
          .hasSizeGreaterThan(20);
    }
    assertThat(chart(charts, "map").svg()).contains("Frankfurt at 50.1, 8.7");
  }

  /** By WCAG's formula; words want 4.5, what else is drawn 3. */
  @Test
  void coloursStandOutOnLightAndOnDark() {
    Drawing.ON_LIGHT.forEach(
        colour -> assertThat(contrast(colour, Drawing.LIGHT)).as(colour).isGreaterThan(3));
    Drawing.ON_DARK.forEach(
        colour -> assertThat(contrast(colour, Drawing.DARK)).as(colour).isGreaterThan(3));
    assertThat(contrast("#555555", Drawing.LIGHT)).isGreaterThan(4.5);
    assertThat(contrast("#b4b8bd", Drawing.DARK)).isGreaterThan(4.5);
    assertThat(chart(charts, "chips").svg()).contains("prefers-color-scheme:dark", "<pattern id=");
  }

  private static double contrast(String one, String other) {
    double a = luminance(one) + 0.05;
    double b = luminance(other) + 0.05;
    return Math.max(a, b) / Math.min(a, b);
  }

  private static double luminance(String colour) {
    double sum = 0;
    double[] weights = {0.2126, 0.7152, 0.0722};
    for (int i = 0; i < 3; i++) {
      double part = Integer.parseInt(colour.substring(1 + 2 * i, 3 + 2 * i), 16) / 255.0;
      sum += weights[i] * (part <= 0.04045 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4));
    }
    return sum;
  }

  /** Cash alone is never more than full cost, and units by cost come to what the plan spends. */
  @Test
  void unitCostsOfAllClassesAddUpToTheStatements() {
    PlanTables.Table table = chart(charts, "unit-costs").table();
    double[] spent = new double[plan.inputs().horizon().length()];
    for (List<Object> row : table.rows()) {
      double units = (Double) row.get(3);
      double cash = (Double) row.get(5);
      assertThat((Double) row.get(4)).isGreaterThanOrEqualTo(cash);
      if (row.getFirst().equals(plan.inputs().scenarios().getFirst().name())) {
        for (int t = 0; t < spent.length; t++) {
          if (plan.inputs().horizon().label(t).equals(row.get(1))) {
            spent[t] += units * cash / 1e6;
          }
        }
      }
    }
    for (int t = 0; t < spent.length; t++) {
      var quarter = plan.statements().getFirst().quarters().get(t);
      if (spent[t] > 0) {
        assertThat(spent[t]).isCloseTo(quarter.costs() - quarter.penalties(), within(1e-6));
      }
    }
  }

  @Test
  void ownPlacesGoBeforeThoseThatAreKnown() throws IOException {
    Places places =
        Places.known()
            .with(
                new StringReader("# ours\nname,latitude,longitude\nFrankfurt,-10,20\n"), "own.csv");
    assertThat(places.of("Frankfurt")).isEqualTo(new Places.Place(-10, 20));
    assertThat(places.of("Dublin")).isNotNull();
    assertThat(places.of("rack")).isNull();
    for (String wrong :
        new String[] {
          "name,latitude\n",
          "name,latitude,longitude\nA,91,0\n",
          "name,latitude,longitude\nA,0,x\n",
          "name,latitude,longitude\nA,0\n"
        }) {
      assertThatThrownBy(() -> Places.known().with(new StringReader(wrong), "own.csv"))
          .isInstanceOf(PlannerException.class)
          .hasMessageStartingWith("own.csv:");
    }
  }

  /** No coast runs across the map, as one does that is cut at the line of dates. */
  @Test
  void landIsRoundedStepByStep() {
    for (double[] ring : Places.land()) {
      for (int i = 0; i < ring.length; i += 2) {
        double next = ring[(i + 2) % ring.length];
        assertThat(Math.abs(next - ring[i])).isLessThan(40);
        assertThat(ring[i + 1]).isBetween(-60.0, 90.0);
      }
    }
  }

  @Test
  void aSiteWithoutAPlaceIsNamed() {
    Plan small = SolvedTemplates.solve(SolvedTemplates.file(PlanTemplate.START_UP));
    Map<String, Chart> drawn =
        PlanCharts.of(small, List.of(), Tornado.valuedAnew(small, 0.1), Places.known());
    assertThat(chart(drawn, "map").svg()).contains("Not on the map, for want of a place: rack.");
  }

  @Test
  void theCurveCrossesWhereTheBreakEvenIs() throws Exception {
    OwnServer server = new OwnServer(300_000, 8, 10.2, 150, 3, 0.08, 0.3, 0.05);
    String svg = RentOrBuyChart.svg(server, 2.6, 0.5);
    assertThat(parsed(svg).getDocumentElement().getTagName()).isEqualTo("svg");
    assertThat(svg).contains("the same at 67 %", "your use, 50 %");
    assertThat(RentOrBuyChart.svg(server, 1.6, 0.5)).contains("dearer at any use");
    for (List<Object> row : RentOrBuyChart.table(server, 2.6).rows()) {
      assertThat((Double) row.get(1) < 2.6)
          .isEqualTo((Double) row.get(0) > server.breakEvenUse(2.6));
    }
  }
}
