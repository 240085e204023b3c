package io.yuntai.planner.usage;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.csv.CsvRows;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads usage from comma-separated values of one of three forms, which the heading tells: hours
 * ({@code hour,model,region,class,requests,input,cached,output,refused}), the ledger's export, or
 * FOCUS.
 */
public final class UsageReader {
  private UsageReader() {}

  /**
   * A file.
   *
   * @throws PlannerException with file, line, column and the mend
   */
  public static HourlyUsage file(Path path) {
    try (Reader text = Files.newBufferedReader(path)) {
      return read(text, path.toString());
    } catch (CharacterCodingException _) {
      throw new PlannerException("%s is not text in UTF-8.".formatted(path));
    } catch (IOException e) {
      throw PlannerException.unreadable(path, e);
    }
  }

  /**
   * A text.
   *
   * @param name for errors
   */
  public static HourlyUsage read(Reader text, String name) throws IOException {
    CsvRows rows = new CsvRows(text, name);
    List<String> heading = rows.next();
    if (heading == null) {
      throw new PlannerException("%s is empty; its first line must name columns.".formatted(name));
    }
    UsageColumns columns = UsageColumns.of(heading, name);
    HourlyUsage sums = new HourlyUsage();
    for (List<String> cells = rows.next(); cells != null; cells = rows.next()) {
      if (cells.size() != heading.size()) {
        throw new PlannerException(
            "%s:%d: %d cells, where the heading has %d."
                .formatted(name, rows.line(), cells.size(), heading.size()));
      }
      add(new UsageRow(name, rows.line(), cells), columns, sums);
    }
    if (sums.isEmpty()) {
      throw new PlannerException("%s counts no requests and no tokens.".formatted(name));
    }
    return sums;
  }

  private static void add(UsageRow row, UsageColumns columns, HourlyUsage sums) {
    try {
      columns.add(row, sums);
    } catch (PlannerException e) {
      if (e.sentence().startsWith(row.name() + ":")) {
        throw e;
      }
      throw new PlannerException("%s:%d: %s.".formatted(row.name(), row.line(), e.sentence()));
    }
  }
}
