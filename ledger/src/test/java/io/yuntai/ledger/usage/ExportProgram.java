package io.yuntai.ledger.usage;

import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.DatabaseOptions;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Tenancy;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;

/** Reads everything that an organisation used; says how many rows there were and their sum. */
final class ExportProgram {
  private ExportProgram() {}

  public static void main(String[] arguments) throws Exception {
    DatabaseOptions options = DatabaseOptions.embedded(Path.of(arguments[0]));
    try (Database database = Database.connectOrOpen(options)) {
      Transactions transactions = new Transactions(database.dataSource());
      Organisation org = new Tenancy(transactions).organisations().find(arguments[1]);
      LongAdder pico = new LongAdder();
      long rows =
          new UsageExport(transactions)
              .rows(
                  org,
                  Instant.parse("2020-01-01T00:00:00Z"),
                  Instant.parse("2100-01-01T00:00:00Z"),
                  row -> pico.add(row.amount().unscaledValue().longValueExact()));
      System.out.println(rows + " rows, " + BigDecimal.valueOf(pico.sum(), 12).toPlainString());
    }
  }
}
