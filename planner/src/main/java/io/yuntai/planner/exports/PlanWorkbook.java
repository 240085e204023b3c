package io.yuntai.planner.exports;

import io.yuntai.planner.files.Assumption;
import io.yuntai.planner.plan.Finance;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.PlanInputs;
import java.util.List;

/**
 * A plan as a workbook: what was decided as numbers, and profit, cash and net present value as
 * formulas over assumptions that may be changed. It tells what the decisions are worth under other
 * prices; what would be decided under them takes another solve.
 */
public final class PlanWorkbook {
  private PlanWorkbook() {}

  /** The bytes of an XLSX file. */
  public static byte[] of(Plan plan, List<Assumption> assumptions) {
    PlanInputs inputs = plan.inputs();
    Workbook book = new Workbook();
    Sheet summary = book.sheet("Summary");
    AssumptionSheet given = new AssumptionSheet(book, inputs);
    summary.heading(0, 0, inputs.name());
    summary.text(1, 0, "Money is in millions of " + inputs.finance().currency());
    summary.heading(3, 0, "Scenario");
    summary.heading(3, 1, "Probability");
    summary.heading(3, 2, "Net present value");
    summary.heading(3, 3, "As solved");
    summary.heading(3, 4, "Difference");
    int row = 4;
    for (int s = 0; s < inputs.scenarios().size(); s++) {
      String name = inputs.scenarios().get(s).name();
      PlanSums sums = new PlanSums(inputs, plan.decisions(), name);
      StatementSheet statement =
          new StatementSheet(book, given, inputs, sums, inputs.scenarios().get(s), s + 1);
      summary.text(row, 0, name);
      summary.input(row, 1, inputs.scenarios().get(s).probability());
      summary.formula(row, 2, statement.netPresentValue());
      summary.number(row, 3, plan.statements().get(s).netPresentValue());
      summary.formula(row, 4, Sheet.local(row, 2) + "-" + Sheet.local(row, 3));
      row++;
    }
    summary.heading(row, 0, "Expected");
    summary.formula(
        row,
        2,
        "SUMPRODUCT(%s:%s,%s:%s)"
            .formatted(
                Sheet.local(4, 1),
                Sheet.local(row - 1, 1),
                Sheet.local(4, 2),
                Sheet.local(row - 1, 2)));
    notes(summary, row + 2, plan);
    sources(book.sheet("Sources"), assumptions);
    return book.bytes();
  }

  private static void notes(Sheet summary, int from, Plan plan) {
    int row = from;
    summary.text(row++, 0, "Solved by " + plan.solver());
    summary.text(row, 0, "No plan is better by more than (share)");
    summary.number(row++, 2, plan.gap());
    if (plan.inputs().finance().terminal() == Finance.Terminal.NONE) {
      summary.text(row++, 0, "Nothing is worth anything after the last quarter.");
    }
    for (String note : plan.notes()) {
      summary.text(row++, 0, note);
    }
  }

  private static void sources(Sheet sheet, List<Assumption> assumptions) {
    String[] headings = {"Cell", "Value", "Source", "Date", "Confidence"};
    for (int i = 0; i < headings.length; i++) {
      sheet.heading(0, i, headings[i]);
    }
    int row = 1;
    for (Assumption one : assumptions) {
      sheet.text(row, 0, one.cell());
      sheet.text(row, 1, one.value());
      sheet.text(row, 2, one.source());
      sheet.text(row, 3, one.date() == null ? "" : String.valueOf(one.date()));
      sheet.text(row, 4, one.confidence().text());
      row++;
    }
  }
}
