package io.yuntai.planner.finance;

import io.yuntai.planner.PlannerException;

/**
 * A server that one buys and puts into another's data centre.
 *
 * @param price of it
 * @param accelerators in it
 * @param kilowatts that it draws, cooling not counted
 * @param hallPerKilowattMonth what place, power and cooling cost
 * @param years that it is used
 * @param interest a year; 0.08 for 8 %
 * @param residual share of the price that it sells for in the end
 * @param upkeep share of the price a year
 */
public record OwnServer(
    double price,
    int accelerators,
    double kilowatts,
    double hallPerKilowattMonth,
    double years,
    double interest,
    double residual,
    double upkeep) {
  private static final int MONTHS = 12;
  private static final double HOURS = 8760;

  /** Checks the ranges. */
  public OwnServer {
    check(price > 0, "A server costs more than %s.", price);
    check(accelerators > 0, "A server has more than %s accelerators.", accelerators);
    check(kilowatts > 0, "A server draws more than %s kW.", kilowatts);
    check(hallPerKilowattMonth >= 0, "A hall can't cost %s.", hallPerKilowattMonth);
    check(years > 0 && years <= 50, "A server is used for up to 50 years, not %s.", years);
    check(interest >= 0 && interest < 1, "Interest is 0 to 1, not %s; 0.08 is 8 %%.", interest);
    check(residual >= 0 && residual <= 1, "A residual value is a share, 0 to 1, not %s.", residual);
    check(upkeep >= 0 && upkeep <= 1, "Upkeep is a share of the price, 0 to 1, not %s.", upkeep);
  }

  private static void check(boolean holds, String sentence, double value) {
    if (!holds) {
      throw new PlannerException(sentence.formatted(value));
    }
  }

  /** What the price costs a year, less what the server sells for in the end. */
  public double capitalPerYear() {
    return Annuity.payment(price, interest, years)
        - Annuity.saving(price * residual, interest, years);
  }

  /** Place, power and cooling. */
  public double hallPerYear() {
    return kilowatts * hallPerKilowattMonth * MONTHS;
  }

  /** Repairs and spares. */
  public double upkeepPerYear() {
    return price * upkeep;
  }

  /** Everything. */
  public double costPerYear() {
    return capitalPerYear() + hallPerYear() + upkeepPerYear();
  }

  /** What an hour of one accelerator costs, used or not. */
  public double costPerAcceleratorHour() {
    return costPerYear() / (accelerators * HOURS);
  }

  /**
   * The share of its hours from which on it is cheaper than renting them.
   *
   * @param rent of one accelerator for an hour
   * @return above 1 where it never is
   */
  public double breakEvenUse(double rent) {
    check(rent > 0, "Renting costs more than %s an hour.", rent);
    return costPerAcceleratorHour() / rent;
  }
}
