package io.yuntai.ledger.budgets;

/**
 * What a budget is of.
 *
 * @param level what kind of thing
 * @param id its row: of the project, the person, or the first of a key's rotations; 0 for the
 *     organisation
 * @param name the project's name, the person's e-mail address or the key's id; empty for the
 *     organisation
 */
public record BudgetTarget(Level level, long id, String name) {
  /** The whole organisation. */
  public static final BudgetTarget ORG = new BudgetTarget(Level.ORG, 0, "");

  /** For people, such as {@code key 4f9a...}. */
  String words() {
    return level == Level.ORG ? "the tenant" : level.label() + " " + name;
  }
}
