package io.yuntai.server.alerts;

import io.yuntai.ledger.alerts.AlertErrand;
import io.yuntai.ledger.alerts.AlertOutbox;
import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Organisations;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.server.config.AlertSettings;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes errands out of the outbox and tells them, some at the same time. */
public final class AlertCourier implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AlertCourier.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  /** Less than the first pause of an errand, so that none is taken twice while it is told. */
  private static final Duration TIMEOUT = Duration.ofSeconds(8);

  private static final int AT_ONCE = 16;

  private final AlertOutbox outbox;
  private final Organisations organisations;
  private final WebhookSender webhooks;
  private final Optional<MailSender> mails;
  private final InstantSource clock;
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("alert-courier").factory());
  private final ExecutorService telling =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("alert-", 0).factory());

  private AlertCourier(
      AlertOutbox outbox,
      Organisations organisations,
      AlertSettings settings,
      InstantSource clock) {
    this.outbox = outbox;
    this.organisations = organisations;
    this.webhooks =
        new WebhookSender(
            settings.allowsPrivate(), (SSLSocketFactory) SSLSocketFactory.getDefault(), TIMEOUT);
    this.mails = settings.smtp().map(smtp -> new MailSender(smtp, TIMEOUT));
    this.clock = clock;
  }

  /** Begins to look for errands, every second. */
  public static AlertCourier start(
      AlertOutbox outbox,
      Organisations organisations,
      AlertSettings settings,
      InstantSource clock) {
    AlertCourier courier = new AlertCourier(outbox, organisations, settings, clock);
    var _ =
        courier.looks.scheduleWithFixedDelay(
            courier::look, LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    return courier;
  }

  private void look() {
    try {
      List<AlertErrand> errands = outbox.take(AT_ONCE);
      while (!errands.isEmpty()) {
        List<Callable<Boolean>> all =
            errands.stream().map(errand -> (Callable<Boolean>) () -> tell(errand)).toList();
        telling.invokeAll(all);
        errands = outbox.take(AT_ONCE);
      }
    } catch (DatabaseException e) {
      // The errands come again.
      LOG.warn("Alerts can't be told now: {}", e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("telling alerts failed; it goes on", e);
    }
  }

  private boolean tell(AlertErrand errand) {
    try {
      attempt(errand);
      outbox.delivered(errand);
      return true;
    } catch (IOException | RefusedException e) {
      boolean givenUp = outbox.failed(errand, String.valueOf(e.getMessage()));
      LOG.warn(
          "{}, attempt {}{}: {}",
          errand,
          errand.attempt(),
          givenUp ? ", the last one" : "",
          e.getMessage());
      return false;
    } catch (RuntimeException e) {
      LOG.error("{}: failed; it comes again", errand, e);
      return false;
    }
  }

  private void attempt(AlertErrand errand) throws IOException {
    Organisation org = organisations.find(errand.alert().organisation());
    String id = "alert-" + errand.id();
    AlertMessage message = AlertMessage.of(org, errand.alert(), id);
    switch (errand.target().kind()) {
      case WEBHOOK ->
          webhooks.send(
              URI.create(errand.target().address()),
              id,
              clock.instant(),
              errand.secret(),
              message.json());
      case EMAIL ->
          mails
              .orElseThrow(() -> new IOException("This server is told of no mail server."))
              .send(
                  errand.target().address(),
                  id,
                  clock.instant(),
                  message.subject(),
                  message.text());
    }
  }

  @Override
  public void close() {
    looks.shutdownNow();
    telling.shutdownNow();
  }
}
