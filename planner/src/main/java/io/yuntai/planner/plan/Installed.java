package io.yuntai.planner.plan;

/**
 * Servers that stand in a site when the plan begins.
 *
 * @param ageQuarters since they came
 * @param bookValue of all of them, in millions; written off over what is left of their book life
 */
public record Installed(String chip, double servers, int ageQuarters, double bookValue) {
  /** Checks the ranges. */
  public Installed {
    String cell = "installed." + chip;
    Cells.range(cell + ".servers", servers, 0, 1e9);
    Cells.range(cell + ".ageQuarters", ageQuarters, 0, 200);
    Cells.range(cell + ".bookValue", bookValue, 0, Cells.ABSURD);
  }
}
