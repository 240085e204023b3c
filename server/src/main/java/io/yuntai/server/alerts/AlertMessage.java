package io.yuntai.server.alerts;

import io.yuntai.ledger.budgets.BudgetAlert;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.server.admin.Views;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An alert in words and as JSON.
 *
 * @param subject one line
 * @param text some lines
 * @param json what a webhook gets
 */
record AlertMessage(String subject, String text, byte[] json) {
  private static final JsonMapper JSON = new JsonMapper();

  static AlertMessage of(Organisation org, BudgetAlert alert, String id) {
    String used = amount(org, alert, alert.used());
    String amount = amount(org, alert, alert.amount());
    String subject =
        "%s of tenant %s is used to %d %%"
            .formatted(capital(alert.target()), org.name(), alert.percent());
    String text =
        """
        %s.

        Used: %s of %s
        At: %s

        This is told once for each percentage and period. The tenant's budgets say what happens at
        their end.
        """
            .formatted(subject, used, amount, alert.at());
    ObjectNode json =
        JSON.createObjectNode()
            .put("type", "budget.alert")
            .put("id", id)
            .put("timestamp", alert.at().toString());
    json.set(
        "data", Views.alert(org, alert).put("tenant", org.name()).put("currency", org.currency()));
    return new AlertMessage(subject, text, JSON.writeValueAsBytes(json));
  }

  private static String amount(Organisation org, BudgetAlert alert, long amount) {
    String number = Views.amount(org, alert.unit(), amount);
    return switch (alert.unit()) {
      case MONEY -> number + " " + org.currency();
      case TOKENS -> number + " tokens";
      case REQUESTS, PARALLEL -> number + " requests";
    };
  }

  private static String capital(String words) {
    return words.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + words.substring(1);
  }
}
