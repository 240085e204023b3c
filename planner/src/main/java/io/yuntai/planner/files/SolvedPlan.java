package io.yuntai.planner.files;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.csv.CsvCell;
import io.yuntai.planner.csv.CsvRows;
import io.yuntai.planner.plan.Aim;
import io.yuntai.planner.plan.DecisionCollector;
import io.yuntai.planner.plan.Decisions;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.UnitCost;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What was decided, as text beside the plan's file: rows of comma-separated values whose first cell
 * says what they are. Statements are not in it: they are made from decisions whenever it is read.
 *
 * @param digest of the inputs that it was made from, as {@link InputDigest} tells it
 */
public record SolvedPlan(
    String digest,
    Plan.Status status,
    double value,
    double bound,
    String solver,
    Decisions decisions,
    List<UnitCost> unitCosts,
    List<Plan.Reached> reached,
    List<String> notes) {
  private static final String HEAD = "yuntai-plan";
  private static final String VERSION = "1";
  private static final int MAX_ROWS = 2_000_000;

  /** Copies. */
  public SolvedPlan {
    unitCosts = List.copyOf(unitCosts);
    reached = List.copyOf(reached);
    notes = List.copyOf(notes);
  }

  /** Of a plan. */
  public static SolvedPlan of(Plan plan, String digest) {
    return new SolvedPlan(
        digest,
        plan.status(),
        plan.value(),
        plan.bound(),
        plan.solver(),
        plan.decisions(),
        plan.unitCosts(),
        plan.reached(),
        plan.notes());
  }

  /** Its text; the same decisions give the same bytes. */
  public String text() {
    StringBuilder text = new StringBuilder();
    row(text, HEAD, VERSION, digest);
    row(text, "result", status.name(), value, bound, solver);
    for (String note : notes) {
      row(text, "note", note);
    }
    for (Plan.Reached one : reached) {
      row(text, "goal", one.aim(), one.found(), one.bound(), one.amount());
    }
    for (UnitCost one : unitCosts) {
      row(text, "unit-cost", one.workClass(), one.full(), one.marginal(), one.cash());
    }
    decisions
        .phases()
        .forEach(one -> row(text, "phase", one.site(), one.phase(), one.quarter(), one.scenario()));
    decisions
        .orders()
        .forEach(one ->
            row(
                text,
                "order",
                one.chip(),
                one.site(),
                one.quarter(),
                one.scenario(),
                one.servers()));
    decisions
        .retirements()
        .forEach(one ->
            row(
                text,
                "retire",
                one.chip(),
                one.site(),
                one.quarter(),
                one.scenario(),
                one.servers()));
    decisions
        .commitments()
        .forEach(one ->
            row(text, "commit", one.contract(), one.quarter(), one.scenario(), one.servers()));
    decisions
        .work()
        .forEach(one ->
            row(
                text,
                "work",
                one.workClass(),
                one.region(),
                one.place(),
                one.block(),
                one.quarter(),
                one.scenario(),
                one.unitsPerSecond()));
    decisions
        .busy()
        .forEach(one ->
            row(
                text,
                "busy",
                one.workClass(),
                one.place(),
                one.chip(),
                one.block(),
                one.quarter(),
                one.scenario(),
                one.servers()));
    decisions
        .unserved()
        .forEach(one ->
            row(
                text,
                "unserved",
                one.workClass(),
                one.region(),
                one.block(),
                one.quarter(),
                one.scenario(),
                one.unitsPerSecond()));
    decisions
        .afterLoss()
        .forEach(one ->
            row(
                text,
                "after-loss",
                one.lost(),
                one.workClass(),
                one.region(),
                one.site(),
                one.chip(),
                one.block(),
                one.quarter(),
                one.scenario(),
                one.unitsPerSecond()));
    decisions
        .credit()
        .forEach(one -> row(text, "credit", one.quarter(), one.scenario(), one.drawn()));
    return text.toString();
  }

  private static void row(StringBuilder text, Object... cells) {
    for (int i = 0; i < cells.length; i++) {
      text.append(i == 0 ? "" : ",").append(CsvCell.of(String.valueOf(cells[i])));
    }
    text.append('\n');
  }

  /**
   * Reads a text.
   *
   * @param name for errors
   * @throws PlannerException with the line that is none
   */
  public static SolvedPlan read(String text, String name) {
    try (Reader reader = new StringReader(text)) {
      CsvRows rows = new CsvRows(reader, name);
      Parser parser = new Parser(name);
      for (List<String> cells = rows.next(); cells != null; cells = rows.next()) {
        parser.row(rows.line(), cells);
      }
      return parser.end();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Collects rows. */
  private static final class Parser {
    private final String name;
    private final DecisionCollector decisions = new DecisionCollector();
    private final List<UnitCost> unitCosts = new ArrayList<>();
    private final List<Plan.Reached> reached = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private String digest = "";
    private String solver = "";
    private Plan.Status status = Plan.Status.FEASIBLE;
    private double value;
    private double bound;
    private int rows;

    private Parser(String name) {
      this.name = name;
    }

    private void row(int line, List<String> cells) {
      if (++rows > MAX_ROWS) {
        throw new PlannerException("%s has more than %d rows.".formatted(name, MAX_ROWS));
      }
      if (rows == 1 && !(cells.getFirst().equals(HEAD) && cells.size() == 3)) {
        throw new PlannerException(
            "%s is no solved plan; 'yuntai plan solve' writes one.".formatted(name));
      }
      try {
        take(cells);
      } catch (IndexOutOfBoundsException | IllegalArgumentException _) {
        throw new PlannerException(
            "%s:%d: the row '%s' is none of a solved plan; solve the plan again."
                .formatted(name, line, cells.getFirst()));
      }
    }

    private void take(List<String> c) {
      switch (c.getFirst()) {
        case HEAD -> head(c);
        case "result" -> result(c);
        case "note" -> notes.add(c.get(1));
        case "goal" ->
            reached.add(
                new Plan.Reached(Aim.valueOf(c.get(1)), amount(c, 2), real(c, 3), amount(c, 4)));
        case "unit-cost" ->
            unitCosts.add(new UnitCost(c.get(1), real(c, 2), real(c, 3), real(c, 4)));
        case "phase" ->
            decisions.add(new Decisions.PhaseStart(c.get(1), c.get(2), quarter(c, 3), c.get(4)));
        case "order" ->
            decisions.add(
                new Decisions.Order(c.get(1), c.get(2), quarter(c, 3), c.get(4), amount(c, 5)));
        case "retire" ->
            decisions.add(
                new Decisions.Retirement(
                    c.get(1), c.get(2), quarter(c, 3), c.get(4), amount(c, 5)));
        case "commit" ->
            decisions.add(
                new Decisions.Commitment(c.get(1), quarter(c, 2), c.get(3), amount(c, 4)));
        case "work" ->
            decisions.add(
                new Decisions.Work(
                    c.get(1), c.get(2), c.get(3), c.get(4), quarter(c, 5), c.get(6), amount(c, 7)));
        case "busy" ->
            decisions.add(
                new Decisions.Busy(
                    c.get(1), c.get(2), c.get(3), c.get(4), quarter(c, 5), c.get(6), amount(c, 7)));
        case "unserved" ->
            decisions.add(
                new Decisions.Unserved(
                    c.get(1), c.get(2), c.get(3), quarter(c, 4), c.get(5), amount(c, 6)));
        case "after-loss" ->
            decisions.add(
                new Decisions.AfterLoss(
                    c.get(1),
                    c.get(2),
                    c.get(3),
                    c.get(4),
                    c.get(5),
                    c.get(6),
                    quarter(c, 7),
                    c.get(8),
                    amount(c, 9)));
        case "credit" -> decisions.add(new Decisions.Credit(quarter(c, 1), c.get(2), amount(c, 3)));
        default -> throw new IllegalArgumentException(c.getFirst());
      }
    }

    private void head(List<String> cells) {
      if (!cells.get(1).equals(VERSION)) {
        throw new PlannerException(
            "%s is of version %s, and %s is read here.".formatted(name, cells.get(1), VERSION));
      }
      digest = cells.get(2);
    }

    private void result(List<String> cells) {
      status = Plan.Status.valueOf(cells.get(1));
      value = amount(cells, 2);
      bound = amount(cells, 3);
      solver = cells.get(4);
    }

    private static int quarter(List<String> cells, int at) {
      int quarter = Integer.parseInt(cells.get(at));
      if (quarter < 0 || quarter > 100) {
        throw new IllegalArgumentException(cells.get(at));
      }
      return quarter;
    }

    private static double real(List<String> cells, int at) {
      return Double.parseDouble(cells.get(at));
    }

    private static double amount(List<String> cells, int at) {
      double amount = real(cells, at);
      if (!Double.isFinite(amount)) {
        throw new IllegalArgumentException(cells.get(at));
      }
      return amount;
    }

    private SolvedPlan end() {
      if (solver.isEmpty()) {
        throw new PlannerException("%s has no result; solve the plan again.".formatted(name));
      }
      return new SolvedPlan(
          digest, status, value, bound, solver, decisions.decisions(), unitCosts, reached, notes);
    }
  }
}
