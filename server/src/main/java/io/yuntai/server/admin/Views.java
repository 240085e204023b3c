package io.yuntai.server.admin;

import io.yuntai.ledger.budgets.Budget;
import io.yuntai.ledger.budgets.BudgetAlert;
import io.yuntai.ledger.budgets.BudgetStatus;
import io.yuntai.ledger.budgets.CreditGrant;
import io.yuntai.ledger.budgets.Unit;
import io.yuntai.ledger.keys.ApiKey;
import io.yuntai.ledger.keys.ModelPattern;
import io.yuntai.ledger.keys.Network;
import io.yuntai.ledger.keys.Scope;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.money.Money;
import io.yuntai.ledger.tenancy.AuditEvent;
import io.yuntai.ledger.tenancy.Member;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Page;
import io.yuntai.ledger.tenancy.Project;
import io.yuntai.ledger.tenancy.ServiceAccount;
import io.yuntai.ledger.usage.UsageSum;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Things as the admin API shows them. Amounts are decimal texts in whole currency, tokens or
 * requests, since numbers of JSON are not exact everywhere.
 */
public final class Views {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Views() {}

  /** A page of a list. */
  public static <T> ObjectNode page(Page<T> page, Function<T, ? extends JsonNode> view) {
    ObjectNode node = JSON.objectNode();
    ArrayNode items = node.putArray("items");
    page.items().forEach(item -> items.add(view.apply(item)));
    node.put("next_cursor", page.next().orElse(null));
    return node;
  }

  /**
   * A tenant.
   *
   * @param credit how its wallet stands; empty where it has none
   */
  public static ObjectNode tenant(Organisation org, Optional<BudgetStatus> credit) {
    ObjectNode node =
        JSON.objectNode()
            .put("name", org.name())
            .put("title", org.title())
            .put("currency", org.currency())
            .put("billing", org.billing().label())
            .put("status", org.status().label())
            .put("time_zone", org.timeZone().getId())
            .put("fail_mode", org.failOpen() ? "open" : "closed")
            .put("on_disconnect", org.answersGoOn() ? "continue" : "stop")
            .put("created", org.created().toString())
            .put("version", org.version());
    if (credit.isEmpty()) {
      return node.putNull("credit");
    }
    BudgetStatus status = credit.get();
    long given = status.budget().terms().amount();
    node.putObject("credit")
        .put("given", money(org, given))
        .put("used", money(org, status.used()))
        .put("reserved", money(org, status.reserved()))
        .put("left", money(org, given - status.used()));
    return node;
  }

  /** Nano in words that are numbers: {@code 1.50}. */
  public static String money(Organisation org, long nano) {
    return new Money(IsoCurrency.of(org.currency()), nano).amount();
  }

  /** A project. */
  public static ObjectNode project(Project project) {
    return JSON.objectNode()
        .put("name", project.name())
        .put("title", project.title())
        .put("created", project.created().toString())
        .put("version", project.version());
  }

  /** A member. */
  public static ObjectNode member(Member member) {
    return JSON.objectNode()
        .put("email", member.email())
        .put("name", member.name())
        .put("role", member.role().label())
        .put("created", member.created().toString())
        .put("version", member.version());
  }

  /** A service account. */
  public static ObjectNode serviceAccount(ServiceAccount account) {
    return JSON.objectNode()
        .put("name", account.name())
        .put("project", account.project())
        .put("role", account.role().label())
        .put("created", account.created().toString())
        .put("version", account.version());
  }

  /** A key, without its secret. */
  public static ObjectNode key(ApiKey key, Instant now) {
    ObjectNode node =
        JSON.objectNode()
            .put("id", key.id())
            .put("name", key.name())
            .put("prefix", key.prefix())
            .put("state", state(key, now))
            .put("tenant", key.owner().organisation())
            .put("project", key.owner().project())
            .put("user", emptyToNull(key.owner().user()))
            .put("service_account", emptyToNull(key.owner().serviceAccount()))
            .put("rotated_from", key.rootId().equals(key.id()) ? null : key.rootId());
    texts(node, "scopes", key.limits().scopes().stream().map(Scope::label).toList());
    textsOrNull(node, "models", key.limits().models().stream().map(ModelPattern::text).toList());
    textsOrNull(
        node, "ip_ranges", key.limits().networks().stream().map(Network::toString).toList());
    return node.put("created", key.created().toString())
        .put("expires", text(key.expires()))
        .put("revoked", text(key.revoked()))
        .put("last_used", text(key.lastUsed()))
        .put("version", key.version());
  }

  /** {@code valid}, {@code expired}, {@code revoked} or {@code suspended}. */
  public static String state(ApiKey key, Instant now) {
    Instant expires = key.expires();
    return key.revoked() != null
        ? "revoked"
        : expires != null && !now.isBefore(expires)
            ? "expired"
            : key.owner().suspended() ? "suspended" : "valid";
  }

  /** A budget and how it stands. */
  public static ObjectNode budget(Organisation org, BudgetStatus status) {
    Budget budget = status.budget();
    ObjectNode node =
        JSON.objectNode()
            .put("id", Long.toString(budget.id()))
            .put("level", budget.target().level().publicLabel())
            .put("target", emptyToNull(budget.target().name()))
            .put("unit", budget.terms().unit().label())
            .put("period", budget.terms().period().label())
            .put("amount", amount(org, budget.terms().unit(), budget.terms().amount()))
            .put("hard", budget.terms().hard())
            .put("time_zone", budget.zone().getId());
    ArrayNode percents = node.putArray("alert_percents");
    budget.terms().alertPercents().forEach(percents::add);
    return node.put("used", amount(org, budget.terms().unit(), status.used()))
        .put("reserved", amount(org, budget.terms().unit(), status.reserved()))
        .put("window_from", time(status.window().from()))
        .put("window_to", time(status.window().to()))
        .put("created", budget.created().toString())
        .put("version", budget.version());
  }

  private static @Nullable String time(Instant at) {
    return at.equals(Instant.MIN) || at.equals(Instant.MAX) ? null : at.toString();
  }

  /** An amount of a budget: money in whole currency, else a count. */
  public static String amount(Organisation org, Unit unit, long amount) {
    return unit == Unit.MONEY ? money(org, amount) : Long.toString(amount);
  }

  /** Credit that was given. */
  public static ObjectNode credit(Organisation org, CreditGrant grant) {
    Long expired = grant.expiredNano();
    return JSON.objectNode()
        .put("id", Long.toString(grant.id()))
        .put("kind", grant.kind().label())
        .put("amount", money(org, grant.amountNano()))
        .put("currency", org.currency())
        .put("expires", text(grant.expires()))
        .put("expired", expired == null ? null : money(org, expired))
        .put("note", grant.note())
        .put("created", grant.created().toString());
  }

  /** What was used of or by something. */
  public static ObjectNode usage(Organisation org, UsageSum sum) {
    return JSON.objectNode()
        .put("of", sum.of())
        .put("requests", sum.requests())
        .put("input_tokens", sum.inputTokens())
        .put("cached_tokens", sum.cachedTokens())
        .put("output_tokens", sum.outputTokens())
        .put("amount", money(org, sum.amountNano()));
  }

  /** An alert of a budget. */
  public static ObjectNode alert(Organisation org, BudgetAlert alert) {
    return JSON.objectNode()
        .put("budget", alert.budgetId() == 0 ? null : Long.toString(alert.budgetId()))
        .put("target", alert.target())
        .put("unit", alert.unit().label())
        .put("percent", alert.percent())
        .put("used", amount(org, alert.unit(), alert.used()))
        .put("amount", amount(org, alert.unit(), alert.amount()))
        .put("at", alert.at().toString());
  }

  /** A change that somebody made. */
  public static ObjectNode audit(AuditEvent event) {
    return JSON.objectNode()
        .put("id", Long.toString(event.id()))
        .put("at", event.at().toString())
        .put("tenant", event.organisation())
        .put("actor", event.actor())
        .put("origin", event.origin())
        .put("action", event.action())
        .put("target", event.target())
        .put("detail", event.detail())
        .put("before_sha256", emptyToNull(event.beforeSha256()))
        .put("after_sha256", emptyToNull(event.afterSha256()));
  }

  private static void texts(ObjectNode node, String name, List<String> texts) {
    ArrayNode array = node.putArray(name);
    texts.forEach(array::add);
  }

  private static void textsOrNull(ObjectNode node, String name, List<String> texts) {
    if (texts.isEmpty()) {
      node.putNull(name);
    } else {
      texts(node, name, texts);
    }
  }

  private static @Nullable String emptyToNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }
}
