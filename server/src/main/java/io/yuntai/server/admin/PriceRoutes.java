package io.yuntai.server.admin;

import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.json.Fields;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.money.MoneyException;
import io.yuntai.ledger.money.Ratio;
import io.yuntai.ledger.prices.BookVersion;
import io.yuntai.ledger.prices.Contract;
import io.yuntai.ledger.prices.PriceBook;
import io.yuntai.ledger.prices.PriceListCsv;
import io.yuntai.ledger.prices.PriceStore;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.tenancy.Texts;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Price books, and by which of them tenants pay. */
final class PriceRoutes {
  private static final String BOOKS = "/prices";
  private static final String BOOK = BOOKS + "/{book}";
  private static final String CONTRACT = "/tenants/{tenant}/contract";
  private static final int MAX_CSV_CHARS = 4 << 20;
  private static final int MAX_FACTORS = 1000;

  private final AdminServices services;

  PriceRoutes(AdminServices services) {
    this.services = services;
  }

  void addTo(AdminRoutes routes) {
    routes.operators(
        "GET",
        BOOKS,
        "All versions of all price books",
        "",
        "PriceBookList",
        200,
        AdminRoutes.PAGED,
        this::list);
    routes.operators(
        "POST",
        BOOKS,
        "Keep a price list as a draft, the next version of its name",
        "NewPriceBook",
        "PriceBook",
        201,
        List.of(),
        this::draft);
    routes.operators(
        "GET",
        BOOK,
        "What each model costs, all factors included; by the newest version, now, unless it is said",
        "",
        "PriceBookGrid",
        200,
        List.of("version", "at"),
        this::get);
    routes.operators(
        "GET",
        BOOK + "/diff",
        "Every price that differs between two versions",
        "",
        "PriceDifference",
        200,
        List.of("before", "after"),
        this::diff);
    routes.operators(
        "POST",
        BOOK + "/publish",
        "Publish a draft, the newest unless it is said; it never changes from then on",
        "PricePublication",
        "PriceBook",
        201,
        List.of(),
        this::publish);
    routes.get(
        CONTRACT, "By which prices a tenant pays", Permission.READ, "Contract", this::contract);
    routes.operators(
        "POST",
        CONTRACT,
        "Let a tenant pay by a published price book",
        "NewContract",
        "Contract",
        201,
        List.of(),
        this::agree);
  }

  /** What the books refuse is the sender's to mend. */
  static <T> T refusing(Supplier<T> work) {
    try {
      return work.get();
    } catch (MoneyException refusal) {
      throw RefusedException.invalid("", String.valueOf(refusal.getMessage()));
    }
  }

  private PriceStore store(AdminRequest request) {
    return services.prices(request.caller().actor());
  }

  private AdminAnswer list(AdminRequest request) throws ApiException {
    return AdminAnswer.of(Views.page(store(request).list(request.page()), BookViews::book));
  }

  private AdminAnswer draft(AdminRequest request) throws ApiException {
    String name = request.text("name");
    String currency = request.text("currency");
    ZoneId zone = Texts.zone("time_zone", request.optionalText("time_zone").orElse("UTC"));
    String note = Texts.title("note", request.optionalText("note").orElse(""));
    String csv = request.body().requiredText("csv", MAX_CSV_CHARS);
    request.body().refuseUnknown();
    BookVersion draft =
        refusing(() -> {
          PriceBook book =
              PriceListCsv.read(
                  name, IsoCurrency.of(currency), zone, services.clock().instant(), csv);
          return store(request).draft(book, note);
        });
    return made(BookViews.book(draft));
  }

  private static AdminAnswer made(JsonNode body) {
    return new AdminAnswer(201, body, OptionalLong.empty());
  }

  private BookVersion find(AdminRequest request, Optional<String> version) {
    String name = request.name("book");
    String number = version.orElse("0");
    if (!name.matches("[a-z0-9-]{1,63}") || !number.matches("[0-9]{1,9}")) {
      throw RefusedException.notFound("price book", name);
    }
    try {
      return store(request).find(name, Integer.parseInt(number));
    } catch (MoneyException e) {
      throw RefusedException.notFound(
          version.isEmpty() ? "price book" : "version " + number + " of a price book", name);
    }
  }

  private AdminAnswer get(AdminRequest request) throws ApiException {
    BookVersion version = find(request, request.exchange().query("version"));
    Instant at = request.queryTime("at").orElse(services.clock().instant());
    return AdminAnswer.of(refusing(() -> BookViews.prices(version, at)));
  }

  private AdminAnswer diff(AdminRequest request) throws ApiException {
    BookVersion after = find(request, request.exchange().query("after"));
    Optional<String> earlier = request.exchange().query("before");
    BookVersion before =
        find(request, earlier.or(() -> Optional.of(Integer.toString(after.version() - 1))));
    return AdminAnswer.of(refusing(() -> BookViews.difference(before, after)));
  }

  private AdminAnswer publish(AdminRequest request) throws ApiException {
    var version = request.body().integer("version", 1, Integer.MAX_VALUE);
    @Nullable Instant from = request.time("from");
    request.body().refuseUnknown();
    BookVersion draft =
        find(
            request,
            version.isPresent()
                ? Optional.of(Integer.toString(version.getAsInt()))
                : Optional.empty());
    return made(
        BookViews.book(
            refusing(() -> store(request).publish(draft.book().name(), draft.version(), from))));
  }

  private AdminAnswer contract(AdminRequest request) {
    Organisation org = AdminRoutes.tenant(services, request);
    return AdminAnswer.of(
        store(request)
            .contract(org.id(), services.clock().instant())
            .map(contract -> BookViews.contract(org.name(), contract))
            .orElseThrow(() -> RefusedException.notFound("contract of the tenant", org.name())));
  }

  private AdminAnswer agree(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    String book = request.text("book");
    @Nullable Instant from = request.time("from");
    List<Contract.Factor> factors = factors(request);
    request.body().refuseUnknown();
    if (!book.matches("[a-z0-9-]{1,63}")) {
      throw RefusedException.notFound("price book", book);
    }
    Contract agreed = refusing(() -> store(request).agree(org.id(), book, from, factors));
    return made(BookViews.contract(org.name(), agreed));
  }

  private static List<Contract.Factor> factors(AdminRequest request) throws ApiException {
    JsonNode node = request.body().node("factors");
    if (node == null) {
      return List.of();
    }
    Fields.requireArray(node, "factors", MAX_FACTORS);
    List<Contract.Factor> factors = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      Fields factor = Fields.of(node.get(i), "factors[" + i + "]");
      String models = factor.text("models", 200).orElse("*");
      String pays = factor.requiredText("pays", 100);
      factor.refuseUnknown();
      factors.add(refusing(() -> new Contract.Factor(models, Ratio.parse(pays, "share"))));
    }
    return factors;
  }
}
