package io.yuntai.cli.money;

import io.yuntai.cli.terminal.Screen;
import io.yuntai.cli.terminal.Table;
import io.yuntai.ledger.documents.CsvText;
import io.yuntai.ledger.documents.JsonText;
import io.yuntai.ledger.revenue.RevenueReport;
import io.yuntai.ledger.revenue.RevenueReport.Growth;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A report of revenue on the screen. */
final class RevenueOutput {
  private final Screen screen;
  private final RevenueReport report;

  RevenueOutput(Screen screen, RevenueReport report) {
    this.screen = screen;
    this.report = report;
  }

  void tables() {
    Table rows =
        new Table(
                screen,
                "PERIOD",
                "NAME",
                "REQUESTS",
                "TOKENS",
                "REVENUE",
                "GROWTH",
                "ON YEAR",
                report.currency().code())
            .alignRight(2, 3, 4, 5, 6);
    for (RevenueReport.Row row : report.rows()) {
      rows.row(
          row.period(),
          row.name(),
          row.requests().toString(),
          row.tokens().toString(),
          report.amount(row.nano()),
          percent(row.growth()),
          percent(row.yearGrowth()),
          "");
    }
    rows.print();
    screen.result("");
    Table totals =
        new Table(
                screen,
                "PERIOD",
                "USAGE",
                "ADJUSTED",
                "PROMOTIONS",
                "LOSSES",
                "CREDITS",
                "ROUNDING",
                "BREAKAGE",
                "NET",
                "GROWTH",
                "ON YEAR",
                "DEFERRED")
            .alignRight(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    for (RevenueReport.Total total : report.totals()) {
      totals.row(
          total.period(),
          report.amount(total.usage()),
          report.amount(total.adjustments()),
          report.amount(total.promotions()),
          report.amount(total.losses()),
          report.amount(total.credits()),
          report.amount(total.rounding()),
          report.amount(total.breakage()),
          report.amount(total.net()),
          percent(total.growth()),
          percent(total.yearGrowth()),
          report.amount(total.deferred()));
    }
    totals.print();
    for (RevenueReport.UsedRate rate : report.rates()) {
      screen.note(
          "%s: 1 %s = %s %s, %s of %s"
              .formatted(
                  rate.month(),
                  rate.from(),
                  rate.rate(),
                  report.currency(),
                  rate.source(),
                  rate.asOf()));
    }
  }

  private static String percent(Growth growth) {
    BigDecimal percent = growth.percent();
    return percent == null ? "" : (percent.signum() > 0 ? "+" : "") + percent.toPlainString() + "%";
  }

  void csv() {
    StringBuilder text =
        new StringBuilder(
            CsvText.row(
                List.of(
                    "period",
                    "name",
                    "requests",
                    "tokens",
                    "revenue",
                    "growth",
                    "growth_on_year",
                    "currency")));
    for (RevenueReport.Row row : report.rows()) {
      text.append(
          CsvText.row(
              List.of(
                  row.period(),
                  row.name(),
                  row.requests().toString(),
                  row.tokens().toString(),
                  report.amount(row.nano()),
                  percent(row.growth()).replace("+", ""),
                  percent(row.yearGrowth()).replace("+", ""),
                  report.currency().code())));
    }
    write(text.toString());
  }

  void json() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("currency", report.currency().code());
    body.put("rows", report.rows().stream().map(this::row).toList());
    body.put("totals", report.totals().stream().map(this::total).toList());
    body.put("rates", report.rates().stream().map(RevenueOutput::rate).toList());
    write(JsonText.of(body));
  }

  private void write(String text) {
    screen.out().writeBytes(text.getBytes(StandardCharsets.UTF_8));
    screen.out().flush();
  }

  private Map<String, Object> row(RevenueReport.Row row) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("period", row.period());
    fields.put("name", row.name());
    fields.put("requests", row.requests().longValueExact());
    fields.put("tokens", row.tokens().longValueExact());
    fields.put("revenue", report.amount(row.nano()));
    fields.put("growth", percent(row.growth()));
    fields.put("growth_on_year", percent(row.yearGrowth()));
    return fields;
  }

  private Map<String, Object> total(RevenueReport.Total total) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("period", total.period());
    fields.put("usage", report.amount(total.usage()));
    fields.put("adjustments", report.amount(total.adjustments()));
    fields.put("promotions", report.amount(total.promotions()));
    fields.put("losses", report.amount(total.losses()));
    fields.put("credits", report.amount(total.credits()));
    fields.put("rounding", report.amount(total.rounding()));
    fields.put("breakage", report.amount(total.breakage()));
    fields.put("net", report.amount(total.net()));
    fields.put("growth", percent(total.growth()));
    fields.put("growth_on_year", percent(total.yearGrowth()));
    fields.put("deferred", report.amount(total.deferred()));
    return fields;
  }

  private static Map<String, Object> rate(RevenueReport.UsedRate rate) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("month", rate.month().toString());
    fields.put("from", rate.from().code());
    fields.put("rate", rate.rate().toString());
    fields.put("as_of", rate.asOf().toString());
    fields.put("source", rate.source());
    fields.put("id", rate.id());
    return fields;
  }
}
