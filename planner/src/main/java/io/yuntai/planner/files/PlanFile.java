package io.yuntai.planner.files;

import io.yuntai.planner.calendar.FiscalYears;
import io.yuntai.planner.money.FxRates;
import io.yuntai.planner.money.PlanCurrency;
import io.yuntai.planner.plan.PlanInputs;
import java.util.List;

/**
 * What a plan's file says.
 *
 * @param inputs for a solver
 * @param currency of its money
 * @param fiscal what its fiscal years are
 * @param rates by which other currencies were translated
 * @param assumptions every number with its source, in the order of the file
 * @param context what others spend
 * @param notes what a reader must know of how the file was read: date bases, rates, sources of
 *     throughput
 */
public record PlanFile(
    PlanInputs inputs,
    PlanCurrency currency,
    FiscalYears fiscal,
    FxRates rates,
    List<Assumption> assumptions,
    List<ContextLine> context,
    List<String> notes) {
  /** Copies the lists. */
  public PlanFile {
    assumptions = List.copyOf(assumptions);
    context = List.copyOf(context);
    notes = List.copyOf(notes);
  }
}
