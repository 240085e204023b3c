package io.yuntai.server;

import io.yuntai.ledger.budgets.BudgetAlert;
import io.yuntai.ledger.budgets.BudgetPlans;
import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.identity.Identity;
import io.yuntai.ledger.identity.PasswordHashes;
import io.yuntai.ledger.keys.ApiKeys;
import io.yuntai.ledger.keys.Pepper;
import io.yuntai.ledger.keys.SealedAnswers;
import io.yuntai.ledger.prices.RateCards;
import io.yuntai.server.admin.AdminApi;
import io.yuntai.server.admin.AdminCalls;
import io.yuntai.server.admin.AdminRoutes;
import io.yuntai.server.admin.AdminServices;
import io.yuntai.server.admin.OnceOnly;
import io.yuntai.server.alerts.AlertCourier;
import io.yuntai.server.api.Callers;
import io.yuntai.server.auth.AuthApi;
import io.yuntai.server.auth.OidcProviders;
import io.yuntai.server.auth.OidcRoutes;
import io.yuntai.server.auth.SessionGate;
import io.yuntai.server.config.AlertSettings;
import io.yuntai.server.config.SignInSettings;
import io.yuntai.server.console.ConsoleServices;
import io.yuntai.server.energy.EnergyMeter;
import io.yuntai.server.gateway.EncoderGateway;
import io.yuntai.server.gateway.Gateway;
import io.yuntai.server.gateway.ModelHost;
import io.yuntai.server.http.InFlight;
import io.yuntai.server.runs.Runs;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What of the ledger tells tenants apart, and the thread that looks after their budgets. */
final class TenantServices implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TenantServices.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

  private static final Duration TIDY_EVERY = Duration.ofHours(1);

  /** Longer than it takes until the next look. */
  private static final Duration AHEAD = Duration.ofSeconds(30);

  private final BudgetPlans plans;
  private final AdminServices admin;
  private final OnceOnly onceOnly;
  private final Identity identity;
  private final SessionGate gate;
  private final AuthApi auth;
  private final OidcProviders providers;
  private final AlertCourier courier;
  private Instant tidied = Instant.EPOCH;
  private final ScheduledExecutorService upkeep =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("budget-upkeep").factory());

  private TenantServices(
      BudgetPlans plans,
      AdminServices admin,
      OnceOnly onceOnly,
      Identity identity,
      SessionGate gate,
      AuthApi auth,
      OidcProviders providers,
      AlertCourier courier) {
    this.plans = plans;
    this.admin = admin;
    this.onceOnly = onceOnly;
    this.identity = identity;
    this.gate = gate;
    this.auth = auth;
    this.providers = providers;
    this.courier = courier;
  }

  static TenantServices of(
      DataSource pool,
      RateCards cards,
      ApiKeys keys,
      Pepper pepper,
      SecureRandom random,
      SignInSettings signIn,
      AlertSettings alerts) {
    InstantSource clock = InstantSource.system();
    Transactions database = new Transactions(pool);
    Identity identity =
        new Identity(
            database, pepper, random, PasswordHashes.ofMachine(random), signIn.limits(), clock);
    SessionGate gate = new SessionGate(identity.sessions(), signIn.publicUrl());
    OidcProviders providers = new OidcProviders(signIn.providers());
    OidcRoutes oidc = new OidcRoutes(providers, identity.signIn(), gate, pepper, random, clock);
    AdminServices admin =
        AdminServices.of(pool, keys, identity, pepper, random, clock, alerts.smtp().isPresent());
    TenantServices services =
        new TenantServices(
            new BudgetPlans(database, cards),
            admin,
            new OnceOnly(database, new SealedAnswers(database, pepper, random)),
            identity,
            gate,
            new AuthApi(identity, gate, oidc),
            providers,
            AlertCourier.start(
                admin.alertOutbox(), admin.tenancy().organisations(), alerts, clock));
    var _ =
        services.upkeep.scheduleWithFixedDelay(
            services::look, LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    return services;
  }

  /** What requests draw from. */
  BudgetPlans plans() {
    return plans;
  }

  AdminApi adminApi(Callers callers, AdminRoutes routes) {
    return new AdminApi(callers, gate, routes, onceOnly);
  }

  /** What is administered, on what. */
  AdminServices admin() {
    return admin;
  }

  AuthApi authApi() {
    return auth;
  }

  /** What pages do to tenants, and how they know who asks. */
  ConsoleServices pages(
      AdminRoutes administration,
      MachineServices machine,
      ModelHost models,
      Gateway gateway,
      EncoderGateway encoders,
      Runs runs,
      InFlight inFlight,
      SecureRandom random) {
    return new ConsoleServices(
        admin,
        new AdminCalls(administration),
        gate,
        providers,
        models,
        machine.shelf(),
        machine.standing(),
        gateway,
        encoders,
        runs,
        inFlight,
        EnergyMeter.of(EnergyMeter.POWERCAP),
        InstantSource.system(),
        random);
  }

  Identity identity() {
    return identity;
  }

  private void look() {
    try {
      plans.openAhead(AHEAD);
      admin.credits().expire();
      tidy();
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

  private void tidy() {
    Instant now = Instant.now();
    if (tidied.plus(TIDY_EVERY).isBefore(now)) {
      identity.tidy();
      tidied = now;
    }
  }

  @Override
  public void close() {
    upkeep.shutdownNow();
    courier.close();
  }
}
