package io.yuntai.server.admin;

import io.yuntai.ledger.documents.CsvText;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.usage.UsageExport;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** Requests as lines of text, for programs that read millions of them. */
public sealed interface UsageLines {
  /**
   * Lines of a form.
   *
   * @param format {@code csv} or {@code jsonl}
   * @throws RefusedException for another
   */
  static UsageLines of(String format, Organisation org) {
    return switch (format) {
      case "csv" -> new Csv(org.currency());
      case "jsonl" -> new JsonLines(org.currency(), new JsonMapper());
      default -> throw RefusedException.invalid("format", "The format is csv or jsonl.");
    };
  }

  /** Their media type. */
  String type();

  /** What comes before all lines. */
  String head();

  /** A line with its end. */
  String line(UsageExport.Row row);

  /** Comma-separated values with a header. */
  record Csv(String currency) implements UsageLines {
    @Override
    public String type() {
      return "text/csv; charset=utf-8";
    }

    @Override
    public String head() {
      return "request_id,at,project,user,key,model,class,input,cache_hit,cache_write,output,reasoning,"
          + "amount,currency,status,entry\r\n";
    }

    @Override
    public String line(UsageExport.Row row) {
      return CsvText.row(
          List.of(
              row.requestId().toString(),
              row.at().toString(),
              row.project(),
              row.user(),
              row.key(),
              row.model(),
              row.serviceClass(),
              Long.toString(row.input()),
              Long.toString(row.cacheHit()),
              Long.toString(row.cacheWrite()),
              Long.toString(row.output()),
              Long.toString(row.reasoning()),
              row.amount().toPlainString(),
              currency,
              row.status(),
              Long.toString(row.entry())));
    }
  }

  /** A JSON object a line. */
  record JsonLines(String currency, JsonMapper json) implements UsageLines {
    @Override
    public String type() {
      return "application/x-ndjson";
    }

    @Override
    public String head() {
      return "";
    }

    @Override
    public String line(UsageExport.Row row) {
      return json.writeValueAsString(
              JsonNodeFactory.instance
                  .objectNode()
                  .put("request_id", row.requestId().toString())
                  .put("at", row.at().toString())
                  .put("project", row.project())
                  .put("user", row.user())
                  .put("key", row.key())
                  .put("model", row.model())
                  .put("class", row.serviceClass())
                  .put("input", row.input())
                  .put("cache_hit", row.cacheHit())
                  .put("cache_write", row.cacheWrite())
                  .put("output", row.output())
                  .put("reasoning", row.reasoning())
                  .put("amount", row.amount().toPlainString())
                  .put("currency", currency)
                  .put("status", row.status())
                  .put("entry", row.entry()))
          + "\n";
    }
  }
}
