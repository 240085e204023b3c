package io.yuntai.console.models;

import io.yuntai.console.page.Visit;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.prices.DatabaseRateCards;
import io.yuntai.ledger.prices.RateCard;
import io.yuntai.ledger.prices.Rates;
import io.yuntai.ledger.prices.ServiceClass;
import io.yuntai.ledger.requests.RequestTimes;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.server.console.ConsoleServices;
import io.yuntai.server.shelf.ShelfModel;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Models with prices of the tenant that is looked at, and with measured speeds. */
final class ModelRows {
  private static final Duration MEASURED = Duration.ofDays(1);
  private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

  private final ConsoleServices services;

  ModelRows(ConsoleServices services) {
    this.services = services;
  }

  List<ModelRow> of(Visit visit, List<ShelfModel> models) {
    Organisation org = visit.tenant();
    Instant now = services.clock().instant();
    RateCard card = new DatabaseRateCards(services.admin().database()).current(org.id(), now);
    Map<String, RequestTimes.Speed> speeds =
        new RequestTimes(new Transactions(services.admin().database())).speeds(now.minus(MEASURED));
    return models.stream().map(model -> row(visit, org, card, speeds, model, now)).toList();
  }

  private static ModelRow row(
      Visit visit,
      Organisation org,
      RateCard card,
      Map<String, RequestTimes.Speed> speeds,
      ShelfModel model,
      Instant now) {
    String name = model.servedAs().isEmpty() ? model.name() : model.servedAs();
    Optional<Rates> rates =
        card.id() == 0 ? Optional.empty() : card.rates(name, ServiceClass.REALTIME, now);
    return new ModelRow(
        model,
        Optional.ofNullable(speeds.get(name)),
        rates.map(of -> price(visit, org, of.tiers().getFirst().inputPico())).orElse(""),
        rates.map(of -> price(visit, org, of.tiers().getFirst().outputPico())).orElse(""));
  }

  private static String price(Visit visit, Organisation org, long pico) {
    return visit
        .ui()
        .formats()
        .money(BigDecimal.valueOf(pico, 12).multiply(MILLION), org.currency(), 6);
  }
}
