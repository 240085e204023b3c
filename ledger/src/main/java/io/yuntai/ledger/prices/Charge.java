package io.yuntai.ledger.prices;

/**
 * The exact price of what was metered: {@code amountNano * 1000 + residuePico} picos.
 *
 * <p>Budgets and accounts move by {@code amountNano}, which is rounded down; the residue is kept
 * beside it, so that sums of charges are exact in any order.
 *
 * @param amountNano whole nanos, at least 0
 * @param residuePico what is left, 0 to 999
 */
public record Charge(long amountNano, int residuePico) {
  public static final Charge NOTHING = new Charge(0, 0);

  public Charge {
    if (amountNano < 0 || residuePico < 0 || residuePico > 999) {
      throw new IllegalArgumentException(amountNano + " nano and " + residuePico + " pico");
    }
  }
}
