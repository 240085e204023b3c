package io.yuntai.console.money;

import io.yuntai.console.page.Visit;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.budgets.BudgetTerms;
import io.yuntai.ledger.budgets.BudgetText;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.server.admin.Views;
import io.yuntai.server.http.FormFields;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the forms of the page Money ask for, as calls of the admin API. */
final class MoneyForms {
  private static final String TENANTS = "tenants";

  private MoneyForms() {}

  static void setBudget(Visit visit, Organisation org, FormFields form) throws ApiException {
    BudgetTerms terms = BudgetText.parse(form.text("budget"), IsoCurrency.of(org.currency()));
    ObjectNode body =
        Visit.fields()
            .put("unit", terms.unit().label())
            .put("period", terms.period().label())
            .put("amount", Views.amount(org, terms.unit(), terms.amount()))
            .put("hard", form.text("hard").equals("yes"));
    String target = form.text("target");
    int colon = target.indexOf(':');
    if (colon < 0) {
      body.put("level", "tenant");
    } else {
      body.put("level", target.substring(0, colon)).put("target", target.substring(colon + 1));
    }
    alerts(body, form);
    visit.call("POST", List.of(TENANTS, org.name(), "budgets"), body);
  }

  private static void alerts(ObjectNode body, FormFields form) {
    if (form.text("alerts").isBlank()) {
      return;
    }
    ArrayNode percents = body.putArray("alert_percents");
    for (String percent : form.text("alerts").split("[,; ]+", 20)) {
      if (percent.matches("[0-9]{1,4}")) {
        percents.add(Integer.parseInt(percent));
      }
    }
  }

  static void changeBudget(Visit visit, Organisation org, FormFields form) throws ApiException {
    visit.call(
        "PATCH",
        List.of(TENANTS, org.name(), "budgets", form.text("budget-id")),
        Visit.fields()
            .put("amount", form.text("amount"))
            .put("hard", form.text("hard").equals("yes")));
  }

  static void endBudget(Visit visit, Organisation org, FormFields form) throws ApiException {
    visit.call(
        "DELETE", List.of(TENANTS, org.name(), "budgets", form.text("budget-id")), Visit.fields());
  }

  static void giveCredit(Visit visit, Organisation org, FormFields form) throws ApiException {
    visit.call(
        "POST",
        List.of(TENANTS, org.name(), "credits"),
        Visit.fields()
            .put("amount", form.text("amount"))
            .put("kind", form.text("kind"))
            .put("note", form.text("note")));
  }

  static void pay(Visit visit, Organisation org, FormFields form) throws ApiException {
    visit.call(
        "POST",
        List.of(TENANTS, org.name(), "payments"),
        Visit.fields().put("amount", form.text("amount")).put("reference", form.text("reference")));
  }

  static String issue(Visit visit, Organisation org) throws ApiException {
    return visit
        .call(
            "POST",
            List.of(TENANTS, org.name(), "invoices"),
            Visit.fields().put("until", visit.ui().now().toString()))
        .path("number")
        .asString();
  }
}
