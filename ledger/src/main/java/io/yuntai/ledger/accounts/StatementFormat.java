package io.yuntai.ledger.accounts;

import io.yuntai.ledger.accounts.Statement.Balance;
import io.yuntai.ledger.documents.CsvText;
import io.yuntai.ledger.documents.JsonText;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A form in which a statement leaves; the same bytes for the same statement. */
public enum StatementFormat {
  /** One object. */
  JSON {
    @Override
    public byte[] write(Statement statement) {
      return json(statement).getBytes(StandardCharsets.UTF_8);
    }
  },
  /** A row for each line, and for both balances. */
  CSV {
    @Override
    public byte[] write(Statement statement) {
      return csv(statement).getBytes(StandardCharsets.UTF_8);
    }
  },
  /** For people. */
  PDF {
    @Override
    public byte[] write(Statement statement) {
      return StatementPdf.write(statement);
    }
  };

  /** The statement's bytes. */
  public abstract byte[] write(Statement statement);

  /** As on a command line. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static String json(Statement statement) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("format", "yuntai-statement-1");
    body.put("organisation", Map.of("id", statement.orgId()));
    body.put("name", statement.orgName());
    body.put("currency", statement.currency().code());
    body.put("from", statement.from().toString());
    body.put("until", statement.until().toString());
    body.put("opening", balance(statement, statement.opening()));
    body.put("lines", statement.lines().stream().map(line -> line(statement, line)).toList());
    body.put("closing", balance(statement, statement.closing()));
    return JsonText.of(body);
  }

  private static Map<String, Object> balance(Statement statement, Balance balance) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("entry", balance.seq());
    fields.put("owed", statement.amount(balance.owedNano()));
    fields.put("not_yet_invoiced", statement.amount(balance.notInvoicedNano()));
    fields.put("credit", statement.amount(balance.creditNano()));
    fields.put("balance", statement.amount(balance.nano()));
    return fields;
  }

  private static Map<String, Object> line(Statement statement, StatementLine line) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("at", line.at().toString());
    fields.put("kind", line.kind().name().toLowerCase(Locale.ROOT));
    fields.put("reference", line.reference());
    fields.put("owed", statement.amount(line.owedNano()));
    fields.put("credit", statement.amount(line.creditNano()));
    return fields;
  }

  private static String csv(Statement statement) {
    StringBuilder text =
        new StringBuilder(
            CsvText.row(
                List.of("at", "kind", "reference", "owed", "credit", "balance", "currency")));
    BigInteger balance = statement.opening().nano();
    text.append(
        row(statement, statement.from().toString(), "opening balance", statement.opening()));
    for (StatementLine line : statement.lines()) {
      balance = balance.add(line.owedNano()).subtract(line.creditNano());
      text.append(
          CsvText.row(
              List.of(
                  line.at().toString(),
                  line.kind().text(),
                  line.reference(),
                  statement.amount(line.owedNano()),
                  statement.amount(line.creditNano()),
                  statement.amount(balance),
                  statement.currency().code())));
    }
    text.append(
        row(statement, statement.until().toString(), "closing balance", statement.closing()));
    return text.toString();
  }

  private static String row(Statement statement, String at, String what, Balance balance) {
    return CsvText.row(
        List.of(
            at,
            what,
            "",
            statement.amount(balance.owedNano()),
            statement.amount(balance.creditNano()),
            statement.amount(balance.nano()),
            statement.currency().code()));
  }
}
