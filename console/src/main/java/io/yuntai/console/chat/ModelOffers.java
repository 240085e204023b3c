package io.yuntai.console.chat;

import io.yuntai.engine.ChatPrompt;
import io.yuntai.engine.template.TemplateException;
import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.ledger.prices.RateCard;
import io.yuntai.ledger.prices.RateCards;
import io.yuntai.ledger.prices.ServiceClass;
import io.yuntai.server.gateway.HostedModel;
import io.yuntai.server.gateway.ModelHost;
import io.yuntai.server.gateway.Routing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which models somebody may chat with. Safe for use by many threads. */
public final class ModelOffers {
  private final ModelHost models;
  private final Routing routing;
  private final RateCards cards;
  private final InstantSource clock;

  ModelOffers(ModelHost models, Routing routing, RateCards cards, InstantSource clock) {
    this.models = models;
    this.routing = routing;
    this.cards = cards;
    this.clock = clock;
  }

  /**
   * A model.
   *
   * @param name what requests call it
   * @param thinks whether it can be told to think, or not to
   */
  public record Offer(String name, boolean thinks) {}

  /** Those that have a price for a tenant, or all where nothing has. */
  List<Offer> of(ChatPerson person) {
    List<Offer> offers = new ArrayList<>();
    for (HostedModel model : models.all()) {
      offers.add(new Offer(model.name(), thinks(model)));
    }
    for (Routing.Listed route : routing.listed()) {
      if (models.find(route.name()).isEmpty()) {
        offers.add(new Offer(route.name(), true));
      }
    }
    Instant now = clock.instant();
    Optional<RateCard> card = card(person, now);
    if (card.isPresent() && card.get().id() != 0) {
      offers.removeIf(
          offer -> card.get().rates(offer.name(), ServiceClass.REALTIME, now).isEmpty());
    }
    return offers;
  }

  private Optional<RateCard> card(ChatPerson person, Instant now) {
    try {
      return Optional.of(cards.current(person.owner().orgId(), now));
    } catch (DatabaseException _) {
      return Optional.empty();
    }
  }

  /** A template that says the same in both cases has no such switch. */
  private static boolean thinks(HostedModel model) {
    try {
      return !rendered(model, true).equals(rendered(model, false));
    } catch (TemplateException _) {
      return false;
    }
  }

  private static String rendered(HostedModel model, boolean thinking) {
    return model
        .prompts()
        .render(
            new ChatPrompt(
                List.of(Map.of("role", "user", "content", "?")),
                List.of(),
                true,
                Map.of("enable_thinking", thinking, "thinking", thinking)));
  }
}
