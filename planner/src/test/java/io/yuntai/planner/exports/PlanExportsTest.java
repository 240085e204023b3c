package io.yuntai.planner.exports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.exports.PlanFocus.Version;
import io.yuntai.planner.files.InputDigest;
import io.yuntai.planner.files.PlanFile;
import io.yuntai.planner.files.PlanTemplate;
import io.yuntai.planner.files.SolvedPlan;
import io.yuntai.planner.plan.Plan;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;
import org.apache.poi.ss.usermodel.Cell;
import org.apache.poi.ss.usermodel.CellType;
import org.apache.poi.xssf.usermodel.XSSFFormulaEvaluator;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PlanExportsTest {
  private static PlanFile file;
  private static Plan plan;

  @BeforeAll
  static void solve() {
    file = SolvedTemplates.file(PlanTemplate.START_UP);
    plan = SolvedTemplates.solve(file);
  }

  /** Formulas are computed by another program's evaluator. */
  @Test
  void theWorkbookRecalculatesToTheSameValue() throws IOException {
    byte[] bytes = PlanWorkbook.of(plan, file.assumptions());
    assertThat(PlanWorkbook.of(plan, file.assumptions())).isEqualTo(bytes);
    try (XSSFWorkbook book = new XSSFWorkbook(new ByteArrayInputStream(bytes))) {
      new XSSFFormulaEvaluator(book).evaluateAll();
      Cell value = book.getSheet("Summary").getRow(4).getCell(2);
      assertThat(value.getCellType()).isEqualTo(CellType.FORMULA);
      assertThat(value.getNumericCellValue())
          .isCloseTo(plan.netPresentValue(), within(1e-6 * Math.abs(plan.netPresentValue())));
      var statements = book.getSheet("Statements 1");
      int compared = 0;
      for (var row : statements) {
        String name = row.getCell(0) == null ? "" : row.getCell(0).toString();
        for (int t = 0; t < plan.inputs().horizon().length(); t++) {
          var quarter = plan.statements().getFirst().quarters().get(t);
          Double expected =
              switch (name) {
                case "revenue" -> quarter.revenue();
                case "energy" -> quarter.energy();
                case "upkeep of halls" -> quarter.hallUpkeep();
                case "upkeep of servers" -> quarter.serverUpkeep();
                case "rent" -> quarter.rent();
                case "depreciation of servers" -> quarter.serverDepreciation();
                case "depreciation of halls" -> quarter.hallDepreciation();
                case "tax" -> quarter.tax();
                case "paid for servers" -> quarter.servers();
                case "paid for halls" -> quarter.halls();
                case "net flow" -> quarter.netFlow();
                case "cash at the end" -> quarter.cash();
                default -> null;
              };
          if (expected != null) {
            assertThat(row.getCell(2 + t).getNumericCellValue())
                .as(name + " " + t)
                .isCloseTo(expected, within(1e-9));
            compared++;
          }
        }
      }
      assertThat(compared).isEqualTo(12 * plan.inputs().horizon().length());
    }
  }

  @Test
  void focusColumnsAreThoseOfTheVersion() {
    var old = PlanFocus.costAndUsage(plan, Version.V1_2, "p1");
    assertThat(old.columns()).contains("ProviderName").doesNotContain("HostProviderName");
    assertThat(PlanFocus.costAndUsage(plan, Version.V1_3, "p1").columns())
        .contains("ProviderName", "ServiceProviderName", "HostProviderName");
    var now = PlanFocus.costAndUsage(plan, Version.of("1.4"), "p1");
    assertThat(now.columns())
        .contains("ServiceProviderName", "x_PlanId", "x_Scenario")
        .doesNotContain("ProviderName", "PublisherName");
    int cost = now.columns().indexOf("EffectiveCost");
    double sum =
        now.rows().stream().mapToDouble(row -> Double.parseDouble(row.get(cost) + "")).sum();
    double costs =
        plan.statements().getFirst().quarters().stream()
            .filter(one -> one.revenue() > 0)
            .mapToDouble(one -> one.costs() + one.serverDepreciation() + one.hallDepreciation())
            .sum();
    assertThat(sum / 1e6).isCloseTo(costs, within(1e-3));
    assertThat(PlanFocus.commitments(plan, "p1").columns()).contains("ContractCommitmentId");
    assertThatThrownBy(() -> Version.of("2")).hasMessageContaining("1.2, 1.3 or 1.4");
  }

  @Test
  void tablesHaveTheirColumns() {
    PlanTables.of(plan)
        .forEach((name, table) -> {
          assertThat(table.csv()).as(name).startsWith(table.columns().getFirst());
          table.rows().forEach(row -> assertThat(row).hasSameSizeAs(table.columns()));
        });
    assertThat(PlanTables.statements(plan).rows()).hasSize(plan.inputs().horizon().length());
    assertThat(PlanFields.of(plan, file.assumptions()))
        .containsKeys("gap", "orders", "materials", "assumptions");
  }

  @Test
  void aSolvedPlanIsReadAsItWasWritten() {
    SolvedPlan solved = SolvedPlan.of(plan, InputDigest.of(plan.inputs()));
    SolvedPlan read = SolvedPlan.read(solved.text(), "plan.solved");
    assertThat(read.decisions()).isEqualTo(plan.decisions());
    assertThat(read.text()).isEqualTo(solved.text());
    assertThat(read.digest()).hasSize(64);
    assertThat(InputDigest.of(SolvedTemplates.file(PlanTemplate.ENTERPRISE).inputs()))
        .isNotEqualTo(read.digest());
  }

  @Test
  void damagedSolvedPlansAreRefusedInASentence() {
    String text = SolvedPlan.of(plan, InputDigest.of(plan.inputs())).text();
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    System.out.println("-Dyuntai.seed=" + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      StringBuilder damaged = new StringBuilder(text);
      for (int damage = 1 + random.nextInt(4); damage > 0; damage--) {
        damaged.setCharAt(random.nextInt(text.length()), (char) random.nextInt(128));
      }
      try {
        assertThat(SolvedPlan.read(damaged.toString(), "plan.solved").solver()).isNotEmpty();
      } catch (PlannerException e) {
        assertThat(e).hasMessageStartingWith("plan.solved");
      }
    }
    assertThatThrownBy(() -> SolvedPlan.read("", "plan.solved")).hasMessageContaining("no result");
  }
}
