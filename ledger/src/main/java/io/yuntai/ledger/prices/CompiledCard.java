package io.yuntai.ledger.prices;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A rate card in memory. Immutable. */
public final class CompiledCard implements RateCard {
  /** What it says, but for its id: all that its hash is of. */
  public record Body(
      long orgId,
      String currency,
      String bookName,
      String bookSha256,
      Instant from,
      Instant until,
      LocalClock clock,
      List<SkuPrices> skus) {
    public Body {
      skus = List.copyOf(skus);
    }
  }

  private final long id;
  private final Body body;
  private final String sha256;
  private final Map<String, Map<ServiceClass, SkuPrices>> names = new HashMap<>();
  private final List<String> patterns;

  CompiledCard(long id, Body body) {
    this.id = id;
    this.body = body;
    this.sha256 = CardText.sha256(body);
    for (SkuPrices sku : body.skus()) {
      names.computeIfAbsent(sku.sku(), name -> new HashMap<>()).put(sku.serviceClass(), sku);
    }
    this.patterns =
        names.keySet().stream()
            .filter(name -> name.endsWith("*"))
            .sorted(Comparator.comparingInt(Sku::weight).reversed())
            .toList();
  }

  @Override
  public long id() {
    return id;
  }

  public Body body() {
    return body;
  }

  @Override
  public String currency() {
    return body.currency();
  }

  @Override
  public String sha256() {
    return sha256;
  }

  @Override
  public Instant from() {
    return body.from();
  }

  @Override
  public Instant until() {
    return body.until();
  }

  @Override
  public Optional<Rates> rates(String model, ServiceClass serviceClass, Instant at) {
    SkuPrices prices = prices(model, serviceClass);
    if (prices == null || prices.bands().isEmpty()) {
      return Optional.empty();
    }
    int minute = prices.bands().size() == 1 ? 0 : body.clock().minute(at);
    for (SkuPrices.Band band : prices.bands()) {
      if (band.band().contains(minute)) {
        return Optional.of(band.rates());
      }
    }
    throw new IllegalStateException("the bands of " + model + " do not tile the day");
  }

  /** The month of an instant by the clock of the price book: {@code 2026-11}. */
  public String month(Instant at) {
    return body.clock().month(at);
  }

  /** What the card says of a model; null when nothing. */
  public @Nullable SkuPrices prices(String model, ServiceClass serviceClass) {
    Map<ServiceClass, SkuPrices> named = names.get(model);
    if (named == null) {
      for (String pattern : patterns) {
        if (Sku.fits(pattern, model)) {
          named = names.get(pattern);
          break;
        }
      }
    }
    return named == null ? null : named.get(serviceClass);
  }
}
