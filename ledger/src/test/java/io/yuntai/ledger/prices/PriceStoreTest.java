package io.yuntai.ledger.prices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.DatabaseOptions;
import io.yuntai.ledger.database.TestHomes;
import io.yuntai.ledger.money.FxRate;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.money.MoneyException;
import io.yuntai.ledger.money.Ratio;
import io.yuntai.ledger.tenancy.Actor;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Price books in a real database. */
class PriceStoreTest {
  @TempDir static Path folder;
  private static Database database;
  private static PriceStore store;
  private static RateCards cards;

  @BeforeAll
  static void openDatabase() throws Exception {
    database = Database.open(DatabaseOptions.embedded(TestHomes.prepared(folder)));
    store = new PriceStore(database.dataSource(), new Actor("cli:tester", "local"));
    cards = new DatabaseRateCards(database.dataSource());
  }

  @AfterAll
  static void closeDatabase() {
    database.close();
  }

  private static PriceBook book(String name, String prices) {
    return PriceListCsv.read(
        name,
        IsoCurrency.of("CNY"),
        ZoneId.of("Asia/Shanghai"),
        Instant.parse("2026-01-01T00:00:00Z"),
        prices);
  }

  private static void run(String sql) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long rt(RateCard card, String model, Instant at) {
    return card.rates(model, ServiceClass.REALTIME, at)
        .orElseThrow()
        .charge(new MeteredTokens(1_000_000, 0, 0, 0, 0))
        .amountNano();
  }

  /** Whoever keeps a plan asks again at the very instant at which prices begin. */
  @Test
  void aCardWithoutPricesEndsWhenPricesBegin() throws Exception {
    long org = 1_000_001;
    run(
        "insert into org (id, name, currency, billing) values ("
            + org
            + ", 'later', 'CNY', 'postpaid')");
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    Instant contract = now.plusSeconds(1_234);
    Instant book = now.plusSeconds(2_345);
    store.draft(book("begins-later", "model,input,output\na,1,1\n"), "");
    store.publish("begins-later", 1, book);
    assertThat(cards.current(org, now).until()).isEqualTo(Instant.MAX);

    store.agree(org, "begins-later", contract, List.of());
    assertThat(cards.current(org, now).until()).isEqualTo(contract);
    assertThat(cards.current(org, contract).until()).isEqualTo(book);
    assertThat(cards.current(org, contract).id()).isZero();
    assertThat(cards.current(org, book).from()).isEqualTo(book);
    assertThat(rt(cards.current(org, book), "a", book)).isEqualTo(1_000_000_000L);
  }

  @Test
  void aBookComesBackAsItWas() {
    PriceBook book =
        book(
            "whole",
            """
            model,meter,price,rule,tier_from,tier_to,band,factor,group,class,valid_from,valid_until
            a,input,4,graduated,0,1000000,,,,,,
            a,input,2,graduated,1000000,,,,,,,
            a,output,9,,,,,,,,,2027-01-01
            a,output,8,,,,,,,,2027-01-01,
            a,,,,,,,50%,batch,batch,,
            a,,,,,,,1/3,spring,,,
            """);
    BookVersion kept = store.draft(book, "the first");

    assertThat(kept.version()).isEqualTo(1);
    assertThat(kept.published()).isFalse();
    assertThat(BookText.sha256(store.find("whole", 1).book().from(book.effectiveFrom())))
        .isEqualTo(BookText.sha256(book));
    assertThat(store.draft(book, "").version()).isEqualTo(2);
    assertThat(store.find("whole", 0).version()).isEqualTo(2);
    assertThatThrownBy(() -> store.find("whole", 3)).hasMessageContaining("no version 3");
  }

  @Test
  void publishedPricesNeverChange() throws Exception {
    store.draft(book("fixed", "model,input,output\na,1,2\n"), "");
    BookVersion published = store.publish("fixed", 1, null);

    assertThat(published.sha256()).isEqualTo(BookText.sha256(published.book()));
    String of = " where book_id = " + published.id();
    for (String change :
        List.of(
            "update price_item set price_pico = 5" + of,
            "delete from price_item" + of,
            "insert into price_factor values ("
                + published.id()
                + ", 'a', null, null, '[0,1440)', 1, 2, 'x', 0)",
            "update price_book set note = 'x' where id = " + published.id(),
            "delete from price_book where id = " + published.id(),
            "truncate price_item",
            "truncate price_book cascade")) {
      assertThatThrownBy(() -> run(change)).as(change).hasMessageContaining("never change");
    }
    assertThatThrownBy(() -> store.publish("fixed", 1, null)).hasMessageContaining("already");
  }

  /** I11: not even SQL by hand gives a point two prices. */
  @Test
  void theDatabaseRefusesASecondPriceForOnePoint() {
    BookVersion draft = store.draft(book("once", "model,input,output\na,1,2\n"), "");
    assertThatThrownBy(() ->
            run(
                "insert into price_item values ("
                    + draft.id()
                    + ", 'a', 'input', 'rt', 'flat', '[100,200)', '[2026-06-01,2026-07-01)', '[0,60)', 7)"))
        .hasMessageContaining("one_price");
  }

  @Test
  void theNextBookTakesThePlaceOfTheLast() {
    store.draft(book("line", "model,input,output\na,1,2\n"), "");
    store.draft(book("line", "model,input,output\na,3,4\n"), "");
    BookVersion first = store.publish("line", 1, null);
    Instant past = first.book().effectiveFrom();
    assertThatThrownBy(() -> store.publish("line", 2, past)).hasMessageContaining("can't change");
    Instant later = Instant.now().plus(10, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS);
    store.publish("line", 2, later);
    store.draft(book("line", "model,input,output\na,5,6\n"), "");
    assertThatThrownBy(() -> store.publish("line", 3, later)).hasMessageContaining("overlap");

    store.agree(1, "line", past, List.of(new Contract.Factor("*", Ratio.of(9, 10))));
    RateCard now = cards.current(1, past);
    RateCard then = cards.current(1, later);

    assertThat(now.until()).isEqualTo(later);
    assertThat(rt(now, "a", past)).isEqualTo(900_000_000);
    assertThat(rt(then, "a", later)).isEqualTo(2_700_000_000L);
    assertThat(cards.current(1, past)).isSameAs(now);
    RateCard read = new DatabaseRateCards(database.dataSource()).cited(now.id());
    assertThat(read.sha256()).isEqualTo(now.sha256());
    assertThat(read.rates("a", ServiceClass.BATCH, past))
        .isEqualTo(now.rates("a", ServiceClass.BATCH, past));
  }

  @Test
  void anOrganisationWithoutAContractPaysNothing() throws Exception {
    run("insert into org (id, name, currency, billing) values (70, 'none', 'USD', 'prepaid')");
    Instant now = Instant.now();

    assertThat(cards.current(70, now).id()).isZero();
    assertThat(rt(cards.cited(0), "anything", now)).isZero();
    assertThatThrownBy(() -> store.agree(70, "nowhere", null, List.of()))
        .isInstanceOf(MoneyException.class)
        .hasMessageContaining("no published price book");
    store.draft(book("yuan", "model,input,output\na,1,2\n"), "");
    store.publish("yuan", 1, null);
    assertThatThrownBy(() -> store.agree(70, "yuan", null, List.of()))
        .hasMessageContaining("none pays in USD, and the price book 'yuan' is in CNY");
    assertThatThrownBy(() -> cards.cited(123_456)).hasMessageContaining("no rate card 123456");
  }

  @Test
  void aBookStaysInItsCurrency() {
    store.draft(book("steady", "model,input,output\na,1,2\n"), "");
    PriceBook yuan = book("steady", "model,input,output\na,1,2\n");
    PriceBook dollars =
        new PriceBook(
            "steady",
            IsoCurrency.of("USD"),
            yuan.zone(),
            yuan.effectiveFrom(),
            yuan.items(),
            List.of());
    assertThatThrownBy(() -> store.draft(dollars, "")).hasMessageContaining("is in CNY");
  }

  /** I22: a rate is one row, and the last one before a day counts for it. */
  @Test
  void anExchangeRateIsKeptOnce() {
    FxRates rates = new FxRates(database.dataSource());
    IsoCurrency usd = IsoCurrency.of("USD");
    IsoCurrency cny = IsoCurrency.of("CNY");
    LocalDate friday = LocalDate.of(2026, 11, 20);
    FxRate rate = new FxRate(usd, cny, friday, "bank", FxRate.parse("7.0965"));
    FxRates.Kept kept = rates.keep(rate);

    assertThat(rates.keep(rate)).isEqualTo(kept);
    assertThat(rates.find(usd, cny, friday.plusDays(2), "bank")).contains(kept);
    assertThat(rates.find(usd, cny, friday.minusDays(1), "bank")).isEmpty();
    assertThat(rates.find(usd, cny, friday, "another")).isEmpty();
    assertThatThrownBy(() -> rates.keep(new FxRate(usd, cny, friday, "bank", FxRate.parse("7.1"))))
        .hasMessageContaining("never changes");
  }

  @Test
  void rateCardsAndExchangeRatesAreOnlyAdded() {
    assertThatThrownBy(() -> run("update rate_card set body = ''")).hasMessageContaining("never");
    assertThatThrownBy(() -> run("delete from fx_rate")).hasMessageContaining("never");
  }
}
