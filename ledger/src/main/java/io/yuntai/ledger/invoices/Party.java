package io.yuntai.ledger.invoices;

import io.yuntai.ledger.money.MoneyException;
import java.util.List;

/**
 * Who sells or buys, as it stands on an invoice.
 *
 * @param name of a person or company
 * @param address at most 6 lines
 * @param taxId their number at the tax office, empty for none
 * @param jurisdiction whose tax rates apply to them, such as {@code DE} or {@code US-CA}; empty for
 *     none
 */
public record Party(String name, List<String> address, String taxId, String jurisdiction) {
  private static final int MAX_TEXT = 120;

  public Party {
    address = List.copyOf(address);
    check("name", name);
    check("tax number", taxId);
    check("jurisdiction", jurisdiction);
    address.forEach(line -> check("address line", line));
    if (name.isBlank()) {
      throw new MoneyException("Whoever is on an invoice needs a name.");
    }
    if (address.size() > 6) {
      throw new MoneyException("An address has at most 6 lines, not " + address.size() + ".");
    }
  }

  private static void check(String what, String text) {
    if (text.length() > MAX_TEXT || text.chars().anyMatch(Character::isISOControl)) {
      throw new MoneyException(
          "The " + what + " must be one line of at most " + MAX_TEXT + " letters.");
    }
  }
}
