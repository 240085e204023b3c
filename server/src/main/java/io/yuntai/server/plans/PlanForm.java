package io.yuntai.server.plans;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.exports.PlanCharts;
import io.yuntai.planner.exports.PlanFields;
import io.yuntai.planner.exports.PlanFocus;
import io.yuntai.planner.exports.PlanTables;
import io.yuntai.planner.exports.PlanWorkbook;
import io.yuntai.planner.files.PlanFile;
import io.yuntai.planner.optimum.Optimum;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.program.MpsWriter;
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
  /** A file for each chart. */
  SVG("image/svg+xml"),
  /** The program that was solved, for other solvers. */
  MPS("text/plain; charset=utf-8");

  private final String type;

  PlanForm(String type) {
    this.type = type;
  }

  /** The media type of its files. */
  public String type() {
    return type;
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
          PlanCharts.of(plan, file.context()).forEach((name, svg) -> files.put(name, bytes(svg)));
      case MPS ->
          files.put(
              "plan.mps",
              bytes(MpsWriter.write(Optimum.program(plan.inputs()), plan.inputs().name())));
    }
    return files;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
