package io.yuntai.server.admin;

import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.json.Fields;
import io.yuntai.ledger.accounts.AccountException;
import io.yuntai.ledger.accounts.Accounts;
import io.yuntai.ledger.budgets.Budget;
import io.yuntai.ledger.budgets.BudgetStatus;
import io.yuntai.ledger.budgets.BudgetTarget;
import io.yuntai.ledger.budgets.BudgetTerms;
import io.yuntai.ledger.budgets.Budgets;
import io.yuntai.ledger.budgets.CreditGrant;
import io.yuntai.ledger.budgets.CreditKind;
import io.yuntai.ledger.budgets.Level;
import io.yuntai.ledger.budgets.Period;
import io.yuntai.ledger.budgets.Unit;
import io.yuntai.ledger.keys.ApiKey;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.money.Money;
import io.yuntai.ledger.money.MoneyException;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.ledger.tenancy.RefusedException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Budgets and credit of tenants. */
final class BudgetRoutes {
  private static final String BUDGETS = "/tenants/{tenant}/budgets";
  private static final String BUDGET = BUDGETS + "/{budget}";
  private static final String CREDITS = "/tenants/{tenant}/credits";
  private static final int MAX_ALERTS = 10;

  private final AdminServices services;
  private final Budgets budgets;

  BudgetRoutes(AdminServices services) {
    this.services = services;
    this.budgets = services.budgets();
  }

  void addTo(AdminRoutes routes) {
    routes.list(
        BUDGETS,
        "A tenant's budgets and how they stand",
        Permission.READ,
        "BudgetList",
        this::list);
    routes.post(
        BUDGETS,
        "Set a budget: make it, or change the one of this target, period and unit",
        Permission.BUDGETS,
        "NewBudget",
        "Budget",
        this::set);
    routes.get(BUDGET, "A budget and how it stands", Permission.READ, "Budget", this::get);
    routes.patch(
        BUDGET, "Change a budget", Permission.BUDGETS, "BudgetChange", "Budget", this::change);
    routes.delete(BUDGET, "End a budget", Permission.BUDGETS, this::remove);
    routes.list(
        CREDITS,
        "A tenant's credit, the newest first",
        Permission.READ,
        "CreditList",
        this::listCredits);
    routes.operators(
        "POST",
        CREDITS,
        "Give a prepaid tenant credit",
        "NewCredit",
        "Credit",
        201,
        List.of(),
        this::give);
    routes.operators(
        "POST",
        "/tenants/{tenant}/payments",
        "Enter into the books that a tenant has paid; a reference is entered once",
        "NewPayment",
        "Payment",
        201,
        List.of(),
        this::pay);
  }

  private AdminAnswer list(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    return AdminAnswer.of(
        Views.page(budgets.list(org, request.page()), status -> Views.budget(org, status)));
  }

  private AdminAnswer get(AdminRequest request) {
    Organisation org = AdminRoutes.tenant(services, request);
    return show(org, number(request), 200);
  }

  private AdminAnswer show(Organisation org, long id, int status) {
    BudgetStatus standing = budgets.find(org, id);
    return new AdminAnswer(
        status, Views.budget(org, standing), OptionalLong.of(standing.budget().version()));
  }

  private static long number(AdminRequest request) {
    String text = request.name("budget");
    if (!text.matches("[0-9]{1,18}")) {
      throw RefusedException.notFound("budget", text);
    }
    return Long.parseLong(text);
  }

  private AdminAnswer set(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    Level level = Level.ofPublic(request.text("level"));
    Optional<String> name = request.optionalText("target");
    Unit unit = Unit.of(request.text("unit"));
    Period period = Period.of(request.optionalText("period").orElse("total"));
    long amount = amount(org, unit, request.text("amount"));
    boolean hard = Objects.requireNonNullElse(request.flag("hard"), true);
    List<Integer> alerts =
        Objects.requireNonNullElse(percents(request), BudgetTerms.DEFAULT_ALERTS);
    request.body().refuseUnknown();
    BudgetTarget target = target(org, level, name);
    Budget done =
        budgets.set(
            request.caller().actor(),
            org,
            target,
            new BudgetTerms(unit, period, amount, hard, alerts),
            request.expected());
    return show(org, done.id(), 201);
  }

  private BudgetTarget target(Organisation org, Level level, Optional<String> name) {
    if (level == Level.ORG) {
      if (name.isPresent()) {
        throw RefusedException.invalid("target", "A budget of the tenant itself names no target.");
      }
      return BudgetTarget.ORG;
    }
    String of =
        name.orElseThrow(() ->
            RefusedException.invalid(
                "target", "Name the %s whose budget it is.".formatted(level.publicLabel())));
    return switch (level) {
      case ORG -> BudgetTarget.ORG;
      case PROJECT -> new BudgetTarget(level, services.tenancy().projects().find(org, of).id(), of);
      case USER -> new BudgetTarget(level, services.tenancy().members().find(org, of).userId(), of);
      case KEY -> {
        ApiKey key = services.keys().find(org.id(), of);
        ApiKey root = services.keys().find(org.id(), key.rootId());
        yield new BudgetTarget(level, root.rowId(), root.id());
      }
    };
  }

  private AdminAnswer change(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    Budget before = budgets.find(org, number(request)).budget();
    BudgetTerms terms = before.terms();
    Optional<String> amount = request.optionalText("amount");
    BudgetTerms wanted =
        new BudgetTerms(
            terms.unit(),
            terms.period(),
            amount.isPresent() ? amount(org, terms.unit(), amount.get()) : terms.amount(),
            Objects.requireNonNullElse(request.flag("hard"), terms.hard()),
            Objects.requireNonNullElse(percents(request), terms.alertPercents()));
    request.body().refuseUnknown();
    budgets.set(request.caller().actor(), org, before.target(), wanted, request.expected());
    return show(org, before.id(), 200);
  }

  private AdminAnswer remove(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    budgets.remove(request.caller().actor(), org, number(request), request.expected());
    return AdminAnswer.NOTHING;
  }

  private static long amount(Organisation org, Unit unit, String text) {
    try {
      return unit == Unit.MONEY ? money(org, text) : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw RefusedException.invalid(
          "amount", "The amount is a whole number of %s, as text.".formatted(unit.label()));
    }
  }

  private static long money(Organisation org, String text) {
    return parsed(org, text).nano();
  }

  private static Money parsed(Organisation org, String text) {
    try {
      return Money.parse(IsoCurrency.of(org.currency()), text);
    } catch (MoneyException e) {
      throw RefusedException.invalid("amount", String.valueOf(e.getMessage()));
    }
  }

  private static @Nullable List<Integer> percents(AdminRequest request) throws ApiException {
    JsonNode node = request.body().node("alert_percents");
    if (node == null) {
      return null;
    }
    if (node.isArray() && node.isEmpty()) {
      return List.of();
    }
    Fields.requireArray(node, "alert_percents", MAX_ALERTS);
    List<Integer> percents = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      percents.add((int) Fields.wide(node.get(i), "alert_percents[" + i + "]", 1, 1000));
    }
    return percents;
  }

  private AdminAnswer listCredits(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    return AdminAnswer.of(
        Views.page(
            services.credits().list(org, request.page()), grant -> Views.credit(org, grant)));
  }

  private AdminAnswer give(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    CreditKind kind = CreditKind.of(request.optionalText("kind").orElse("paid"));
    long nano = money(org, request.text("amount"));
    @Nullable Instant expires = request.time("expires");
    String note = request.optionalText("note").orElse("");
    request.body().refuseUnknown();
    CreditGrant grant =
        services.credits().give(request.caller().actor(), org, kind, nano, expires, note);
    return new AdminAnswer(201, Views.credit(org, grant), OptionalLong.empty());
  }

  private AdminAnswer pay(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    String reference = request.text("reference");
    Money amount = parsed(org, request.text("amount"));
    request.body().refuseUnknown();
    try {
      long entry =
          new Accounts(services.database(), request.caller().actor())
              .paid(org.id(), amount, reference);
      return new AdminAnswer(
          201,
          JsonNodeFactory.instance
              .objectNode()
              .put("entry", entry)
              .put("amount", amount.amount())
              .put("currency", org.currency())
              .put("reference", reference),
          OptionalLong.empty());
    } catch (AccountException refusal) {
      throw RefusedException.invalid("reference", String.valueOf(refusal.getMessage()));
    }
  }
}
