package io.yuntai.server.plans;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.exports.Places;
import io.yuntai.planner.exports.PlanCharts;
import io.yuntai.planner.exports.PlanFields;
import io.yuntai.planner.exports.PlanFocus;
import io.yuntai.planner.exports.PlanTables;
import io.yuntai.planner.exports.PlanWorkbook;
import io.yuntai.planner.files.PlanFile;
import io.yuntai.planner.optimum.Optimum;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.program.MpsWriter;
import io.yuntai.planner.stress.Tornado;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** Forms that a plan goes out in. */
public enum PlanForm {
  /** A workbook whose statements are formulas. */
  XLSX("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
  /** A file for each table. */
  CSV("text/csv; charset=utf-8"),
  /** Everything. */
  JSON("application/json"),
  /** Rows of cost and usage, beside the bill. */
  FOCUS("text/csv; charset=utf-8"),
  /** One page. */
  PDF("application/pdf"),
  /** A picture for each chart, and a table. */
  SVG("image/svg+xml"),
  /** The program that was solved, for other solvers. */
  MPS("text/plain; charset=utf-8");

  /** By which the chart of assumptions changes each of them, where nobody says. */
  private static final double USUAL_SHARE = 0.1;

  private final String type;

  PlanForm(String type) {
    this.type = type;
  }

  /**
   * The media type of one of its files; beside pictures lie the tables that they are drawn from.
   */
  public String type(String file) {
    return file.endsWith(".csv") ? CSV.type : type;
  }

  /** As people write it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * By its text.
   *
   * @throws PlannerException naming those that there are
   */
  public static PlanForm of(String text) {
    return Arrays.stream(values())
        .filter(form -> form.text().equals(text))
        .findFirst()
        .orElseThrow(() ->
            new PlannerException(
                "A plan goes out as %s, not as '%s'."
                    .formatted(
                        Arrays.stream(values())
                            .map(PlanForm::text)
                            .collect(Collectors.joining(", ")),
                        text)));
  }

  /**
   * Files by name; the same plan gives the same bytes.
   *
   * @param version of FOCUS
   * @param digest of the inputs
   */
  public Map<String, byte[]> files(
      Plan plan, PlanFile file, PlanFocus.Version version, String digest) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    switch (this) {
      case XLSX -> files.put("plan.xlsx", PlanWorkbook.of(plan, file.assumptions()));
      case CSV ->
          PlanTables.of(plan)
              .forEach((name, table) -> files.put(name + ".csv", bytes(table.csv())));
      case JSON ->
          files.put(
              "plan.json",
              new JsonMapper().writeValueAsBytes(PlanFields.of(plan, file.assumptions())));
      case FOCUS -> {
        String id = digest.substring(0, 16);
        files.put(
            "focus-%s.csv".formatted(version.text()),
            bytes(PlanFocus.costAndUsage(plan, version, id).csv()));
        if (version != PlanFocus.Version.V1_2) {
          files.put(
              "focus-commitments-%s.csv".formatted(version.text()),
              bytes(PlanFocus.commitments(plan, id).csv()));
        }
      }
      case PDF -> files.put("plan.pdf", BoardPaper.of(plan, file, digest));
      case SVG ->
          files.putAll(charts(plan, file, Tornado.valuedAnew(plan, USUAL_SHARE), Places.known()));
      case MPS ->
          files.put(
              "plan.mps",
              bytes(MpsWriter.write(Optimum.program(plan.inputs()), plan.inputs().name())));
    }
    return files;
  }

  /** Charts, each with its table, by the names of their files. */
  public static Map<String, byte[]> charts(
      Plan plan, PlanFile file, Tornado tornado, Places places) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    PlanCharts.of(plan, file.context(), tornado, places)
        .forEach((name, chart) -> {
          files.put(name + ".svg", bytes(chart.svg()));
          files.put(name + ".csv", bytes(chart.table().csv()));
        });
    return files;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
