package io.yuntai.server.plans;

import io.yuntai.ledger.documents.PdfWriter;
import io.yuntai.planner.exports.PlanTables;
import io.yuntai.planner.files.Assumption;
import io.yuntai.planner.files.ContextLine;
import io.yuntai.planner.files.PlanFile;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** A plan on one page: what is asked for, what it brings, what it stands on. */
public final class BoardPaper {
  private static final long LEFT = 500;
  private static final long RIGHT = PdfWriter.WIDTH - 500;
  private static final long TOP = PdfWriter.HEIGHT - 600;
  private static final int TITLE = 160;
  private static final int TEXT = 90;
  private static final int SMALL = 75;
  private static final int LINE = 130;
  private static final int MOST_ROWS = 9;

  private final PdfWriter pdf = new PdfWriter();
  private final Plan plan;
  private final PlanFile file;
  private final String currency;
  private long y = TOP;

  private BoardPaper(Plan plan, PlanFile file) {
    this.plan = plan;
    this.file = file;
    this.currency = plan.inputs().finance().currency();
  }

  /** The bytes of a PDF file; the same plan gives the same. */
  public static byte[] of(Plan plan, PlanFile file, String digest) {
    BoardPaper paper = new BoardPaper(plan, file);
    paper.pdf.newPage();
    paper.head();
    paper.money();
    paper.list("What is built", PlanTables.halls(plan), 5, 1, 3, 4);
    paper.orders();
    paper.assumptions();
    paper.context();
    paper.foot(digest);
    return paper.pdf.bytes(plan.inputs().name());
  }

  private void head() {
    pdf.text(LEFT, y, TITLE, true, PdfWriter.fit(plan.inputs().name(), TITLE, RIGHT - LEFT));
    y -= 2 * LINE;
    Statement first = plan.statements().getFirst();
    line(
        "Net present value %s million %s; no plan can be better by more than %.2f %%."
            .formatted(amount(plan.netPresentValue()), currency, 100 * plan.gap()));
    double spent = first.quarters().stream().mapToDouble(Statement.Quarter::capitalSpending).sum();
    line(
        "Capital spending %s million in %d quarters from %s on; return %s; paid back %s."
            .formatted(
                amount(spent),
                plan.inputs().horizon().quarters(),
                plan.inputs().horizon().firstQuarter(),
                Double.isFinite(first.internalRate())
                    ? "%.1f %% a year".formatted(100 * first.internalRate())
                    : "not to be told",
                first.paybackQuarters() < 0
                    ? "not within the plan"
                    : "after %d quarters".formatted(first.paybackQuarters())));
  }

  private void money() {
    section("Money by year of four quarters, million " + currency);
    String[] names = {"from", "revenue", "costs", "servers", "halls", "net flow", "cash"};
    row(SMALL, true, names);
    List<Statement.Quarter> quarters = plan.statements().getFirst().quarters();
    for (int from = 0; from < quarters.size(); from += 4) {
      List<Statement.Quarter> year = quarters.subList(from, Math.min(from + 4, quarters.size()));
      row(
          SMALL,
          false,
          year.getFirst().label(),
          amount(year.stream().mapToDouble(Statement.Quarter::revenue).sum()),
          amount(year.stream().mapToDouble(Statement.Quarter::costs).sum()),
          amount(year.stream().mapToDouble(Statement.Quarter::servers).sum()),
          amount(year.stream().mapToDouble(Statement.Quarter::halls).sum()),
          amount(year.stream().mapToDouble(Statement.Quarter::netFlow).sum()),
          amount(year.getLast().cash()));
    }
  }

  private void row(int size, boolean bold, String... cells) {
    long step = (RIGHT - LEFT) / cells.length;
    for (int i = 0; i < cells.length; i++) {
      if (i == 0) {
        pdf.text(LEFT, y, size, bold, cells[i]);
      } else {
        pdf.textUntil(LEFT + (i + 1) * step, y, size, bold, cells[i]);
      }
    }
    y -= LINE;
  }

  /** Some columns of a table's first rows. */
  private void list(String title, PlanTables.Table table, int amountColumn, int... columns) {
    section(title);
    if (table.rows().isEmpty()) {
      line("Nothing.");
    }
    for (List<Object> row : table.rows().stream().limit(MOST_ROWS).toList()) {
      StringBuilder text = new StringBuilder();
      for (int column : columns) {
        text.append(text.isEmpty() ? "" : ", ").append(row.get(column));
      }
      line("%s: %s MW".formatted(text, amount((Double) row.get(amountColumn))));
    }
    more(table.rows().size());
  }

  private void orders() {
    section("The largest orders of servers");
    List<List<Object>> rows =
        PlanTables.orders(plan).rows().stream()
            .sorted(Comparator.comparingDouble(row -> -(Double) row.get(6)))
            .toList();
    for (List<Object> row : rows.stream().limit(MOST_ROWS).toList()) {
      line(
          "%s: %s %s for %s, %s million; there from %s on"
              .formatted(
                  row.get(1),
                  amount((Double) row.get(5)),
                  row.get(4),
                  row.get(3),
                  amount((Double) row.get(6)),
                  row.get(2)));
    }
    more(rows.size());
  }

  private void more(int rows) {
    if (rows > MOST_ROWS) {
      line("and %d more".formatted(rows - MOST_ROWS));
    }
  }

  /** The weakest numbers, which a reader should ask for. */
  private void assumptions() {
    section("Numbers to ask for: the weakest that this stands on");
    file.assumptions().stream()
        .sorted(Comparator.comparing(Assumption::confidence).reversed())
        .limit(MOST_ROWS - 2)
        .forEach(one ->
            line(
                "%s: %s (%s%s)"
                    .formatted(
                        one.cell(),
                        one.value(),
                        one.confidence().text(),
                        one.source().isEmpty() ? "" : "; " + one.source())));
  }

  private void context() {
    if (!file.context().isEmpty()) {
      section("What others spend");
      for (ContextLine one : file.context()) {
        line("%s, %d: %s (%s)".formatted(one.name(), one.year(), one.text(), one.source()));
      }
    }
  }

  private void foot(String digest) {
    pdf.rule(LEFT, RIGHT, 520);
    pdf.text(
        LEFT,
        400,
        SMALL,
        false,
        "Yuntai, solved by %s; inputs %s".formatted(plan.solver(), digest.substring(0, 16)));
  }

  private void section(String title) {
    y -= LINE / 2;
    pdf.text(LEFT, y, TEXT, true, title);
    y -= LINE;
  }

  private void line(String text) {
    if (y > 600) {
      pdf.text(LEFT, y, SMALL, false, PdfWriter.fit(text, SMALL, RIGHT - LEFT));
      y -= LINE;
    }
  }

  private static String amount(double millions) {
    return String.format(Locale.ROOT, Math.abs(millions) < 100 ? "%,.2f" : "%,.0f", millions);
  }
}
