package io.yuntai.ledger.accounts;

import io.yuntai.ledger.accounts.Statement.Balance;
import io.yuntai.ledger.documents.PdfWriter;
import java.math.BigInteger;

/** A statement on paper: A4, as many pages as it needs. */
final class StatementPdf {
  private static final int LEFT = 567;
  private static final int RIGHT = PdfWriter.WIDTH - 567;
  private static final int TOP = PdfWriter.HEIGHT - 620;
  private static final int BOTTOM = 700;
  private static final int STEP = 150;
  private static final int SIZE = 90;
  private static final int SMALL = 70;
  private static final int WHAT = LEFT + 600;
  private static final int OWED = 3_650;
  private static final int CREDIT = 4_520;

  private final PdfWriter pdf = new PdfWriter();
  private final Statement statement;
  private long y = TOP;

  private StatementPdf(Statement statement) {
    this.statement = statement;
  }

  static byte[] write(Statement statement) {
    StatementPdf page = new StatementPdf(statement);
    page.pdf.newPage();
    page.head();
    page.columns();
    page.balance("Opening balance", statement.from().toString(), statement.opening());
    page.lines();
    page.balance("Closing balance", statement.until().toString(), statement.closing());
    page.row(
        "",
        "of which usage not yet invoiced",
        statement.amount(statement.closing().notInvoicedNano()),
        "",
        "",
        false);
    page.feet();
    return page.pdf.bytes(page.title());
  }

  private String title() {
    return "Statement of account, " + statement.orgName();
  }

  private void head() {
    pdf.text(LEFT, y, 160, true, PdfWriter.fit(title(), 160, RIGHT - LEFT));
    y -= 2 * STEP;
    pdf.text(LEFT, y, SIZE, false, "From " + statement.from() + " until " + statement.until());
    y -= STEP;
    pdf.text(LEFT, y, SIZE, false, "All amounts in " + statement.currency().code());
    y -= 2 * STEP;
  }

  private void columns() {
    pdf.text(LEFT, y, SMALL, false, "Day");
    pdf.text(WHAT, y, SMALL, false, "What");
    pdf.textUntil(OWED, y, SMALL, false, "Owed");
    pdf.textUntil(CREDIT, y, SMALL, false, "Credit");
    pdf.textUntil(RIGHT, y, SMALL, false, "Balance");
    pdf.rule(LEFT, RIGHT, y - 50);
    y -= STEP + 50;
  }

  private void balance(String what, String at, Balance balance) {
    row(
        at,
        what,
        statement.amount(balance.owedNano()),
        statement.amount(balance.creditNano()),
        statement.amount(balance.nano()),
        true);
  }

  private void lines() {
    BigInteger balance = statement.opening().nano();
    for (StatementLine line : statement.lines()) {
      balance = balance.add(line.owedNano()).subtract(line.creditNano());
      String what = line.kind().text() + (line.reference().isEmpty() ? "" : " " + line.reference());
      row(
          line.at().toString(),
          what,
          amount(line.owedNano()),
          amount(line.creditNano()),
          statement.amount(balance),
          false);
    }
  }

  private String amount(BigInteger nano) {
    return nano.signum() == 0 ? "" : statement.amount(nano);
  }

  private void row(
      String at, String what, String owed, String credit, String balance, boolean bold) {
    if (y - STEP < BOTTOM) {
      pdf.newPage();
      y = TOP;
      columns();
    }
    pdf.text(LEFT, y, SIZE, bold, at.isEmpty() ? "" : at.substring(0, 10));
    pdf.text(WHAT, y, SIZE, bold, PdfWriter.fit(what, SIZE, OWED - WHAT - 700));
    pdf.textUntil(OWED, y, SIZE, bold, owed);
    pdf.textUntil(CREDIT, y, SIZE, bold, credit);
    pdf.textUntil(RIGHT, y, SIZE, bold, balance);
    y -= STEP;
  }

  private void feet() {
    for (int page = 0; page < pdf.pages(); page++) {
      pdf.turnTo(page);
      pdf.rule(LEFT, RIGHT, BOTTOM - 150);
      pdf.text(LEFT, BOTTOM - 250, SMALL, false, PdfWriter.fit(title(), SMALL, 3_000));
      pdf.textUntil(RIGHT, BOTTOM - 250, SMALL, false, "Page " + (page + 1) + " of " + pdf.pages());
    }
  }
}
