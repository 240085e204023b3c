package io.yuntai.server;

import io.yuntai.ledger.budgets.BudgetAlert;
import io.yuntai.ledger.budgets.BudgetPlans;
import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.keys.ApiKeys;
import io.yuntai.ledger.keys.Pepper;
import io.yuntai.ledger.keys.SealedAnswers;
import io.yuntai.ledger.prices.RateCards;
import io.yuntai.server.admin.AdminApi;
import io.yuntai.server.admin.AdminRoutes;
import io.yuntai.server.admin.AdminServices;
import io.yuntai.server.admin.OnceOnly;
import io.yuntai.server.api.Callers;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What of the ledger tells tenants apart, and the thread that looks after their budgets. */
final class TenantServices implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TenantServices.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

  /** Longer than it takes until the next look. */
  private static final Duration AHEAD = Duration.ofSeconds(30);

  private final BudgetPlans plans;
  private final AdminServices admin;
  private final OnceOnly onceOnly;
  private final ScheduledExecutorService upkeep =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("budget-upkeep").factory());

  private TenantServices(BudgetPlans plans, AdminServices admin, OnceOnly onceOnly) {
    this.plans = plans;
    this.admin = admin;
    this.onceOnly = onceOnly;
  }

  static TenantServices of(
      Transactions database, RateCards cards, ApiKeys keys, Pepper pepper, SecureRandom random) {
    TenantServices services =
        new TenantServices(
            new BudgetPlans(database, cards),
            AdminServices.of(database, keys, InstantSource.system()),
            new OnceOnly(database, new SealedAnswers(database, pepper, random)));
    var _ =
        services.upkeep.scheduleWithFixedDelay(
            services::look, LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    return services;
  }

  /** What requests draw from. */
  BudgetPlans plans() {
    return plans;
  }

  AdminApi adminApi(Callers callers) {
    return new AdminApi(callers, new AdminRoutes(admin), onceOnly);
  }

  private void look() {
    try {
      plans.openAhead(AHEAD);
      admin.credits().expire();
      for (BudgetAlert alert : admin.alerts().look()) {
        LOG.warn(
            "budget alert: {} of tenant {} is used to {} %: {} of {} ({})",
            alert.target(),
            alert.organisation(),
            alert.percent(),
            alert.used(),
            alert.amount(),
            alert.unit().label());
      }
    } catch (DatabaseException e) {
      // The next look finds what this one missed.
      LOG.warn("Budgets can't be looked after now: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    upkeep.shutdownNow();
  }
}
