package io.yuntai.ledger.revenue;

import io.yuntai.ledger.money.IsoCurrency;
import java.math.BigInteger;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Adds months up to periods, in the currency of the report. */
final class Summary {
  /** What a name earned in a period. */
  private static final class Earned {
    private BigInteger requests = BigInteger.ZERO;
    private BigInteger tokens = BigInteger.ZERO;
    private BigInteger nano = BigInteger.ZERO;
  }

  /** What a period's totals are, in the order of {@link RevenueReport.Total}. */
  private enum Kind {
    USAGE,
    ADJUSTMENTS,
    PROMOTIONS,
    LOSSES,
    CREDITS,
    ROUNDING,
    BREAKAGE
  }

  private record Group(YearMonth month, IsoCurrency currency) {}

  private record Place(long period, Kind kind) {}

  private final FiscalCalendar calendar;
  private final Conversion conversion;
  private final TreeMap<String, Map<Long, Earned>> names = new TreeMap<>();
  private final Map<Place, BigInteger> totals = new HashMap<>();
  private final Map<IsoCurrency, TreeMap<YearMonth, BigInteger>> prepaid = new HashMap<>();

  Summary(FiscalCalendar calendar, Conversion conversion) {
    this.calendar = calendar;
    this.conversion = conversion;
  }

  void addUsage(List<RevenueSql.Cell> cells) throws SQLException {
    add(cells, Kind.USAGE);
  }

  void addAdjustments(List<RevenueSql.Cell> cells) throws SQLException {
    add(cells, Kind.ADJUSTMENTS);
  }

  private void add(List<RevenueSql.Cell> cells, Kind kind) throws SQLException {
    Map<Group, List<RevenueSql.Cell>> groups = new HashMap<>();
    for (RevenueSql.Cell cell : cells) {
      groups
          .computeIfAbsent(new Group(cell.month(), cell.currency()), group -> new ArrayList<>())
          .add(cell);
    }
    for (Map.Entry<Group, List<RevenueSql.Cell>> group : groups.entrySet()) {
      long period = calendar.period(group.getKey().month());
      List<RevenueSql.Cell> members = group.getValue();
      List<BigInteger> converted =
          conversion.convert(
              group.getKey().month(),
              group.getKey().currency(),
              members.stream().map(RevenueSql.Cell::nano).toList());
      for (int index = 0; index < members.size(); index++) {
        RevenueSql.Cell cell = members.get(index);
        Earned earned =
            names
                .computeIfAbsent(cell.name(), name -> new HashMap<>())
                .computeIfAbsent(period, one -> new Earned());
        earned.requests = earned.requests.add(cell.requests());
        earned.tokens = earned.tokens.add(cell.tokens());
        earned.nano = earned.nano.add(converted.get(index));
        totals.merge(new Place(period, kind), converted.get(index), BigInteger::add);
      }
    }
  }

  /**
   * @param since the first month that is reported; of earlier ones only what is deferred counts
   */
  void addMoves(List<RevenueSql.Moves> moves, YearMonth since) throws SQLException {
    for (RevenueSql.Moves move : moves) {
      prepaid
          .computeIfAbsent(move.currency(), currency -> new TreeMap<>())
          .merge(move.month(), move.prepaid(), BigInteger::add);
      if (!move.month().isBefore(since)) {
        add(move, Kind.PROMOTIONS, move.promotions());
        add(move, Kind.LOSSES, move.losses());
        add(move, Kind.CREDITS, move.credits());
        add(move, Kind.ROUNDING, move.rounding());
        add(move, Kind.BREAKAGE, move.breakage());
      }
    }
  }

  private void add(RevenueSql.Moves move, Kind kind, BigInteger nano) throws SQLException {
    BigInteger converted =
        conversion.convert(move.month(), move.currency(), List.of(nano)).getFirst();
    totals.merge(new Place(calendar.period(move.month()), kind), converted, BigInteger::add);
  }

  /** What is owed in service when a period ends, at the rate of its last month. */
  private BigInteger deferred(long period) throws SQLException {
    YearMonth last = calendar.first(period + 1).minusMonths(1);
    BigInteger sum = BigInteger.ZERO;
    for (Map.Entry<IsoCurrency, TreeMap<YearMonth, BigInteger>> one : prepaid.entrySet()) {
      BigInteger balance =
          one.getValue().headMap(last, true).values().stream()
              .reduce(BigInteger.ZERO, BigInteger::add);
      sum = sum.add(conversion.convert(last, one.getKey(), List.of(balance)).getFirst());
    }
    return sum;
  }

  List<RevenueReport.Row> rows(long first, long last) {
    List<RevenueReport.Row> rows = new ArrayList<>();
    for (long period = first; period <= last; period++) {
      for (Map.Entry<String, Map<Long, Earned>> name : names.entrySet()) {
        Earned earned = name.getValue().get(period);
        if (earned != null) {
          rows.add(
              new RevenueReport.Row(
                  calendar.name(period),
                  name.getKey(),
                  earned.requests,
                  earned.tokens,
                  earned.nano,
                  new RevenueReport.Growth(nano(name.getValue(), period - 1), earned.nano),
                  new RevenueReport.Growth(
                      nano(name.getValue(), period - calendar.perYear()), earned.nano)));
        }
      }
    }
    return rows;
  }

  private static BigInteger nano(Map<Long, Earned> periods, long period) {
    Earned earned = periods.get(period);
    return earned == null ? BigInteger.ZERO : earned.nano;
  }

  List<RevenueReport.Total> totals(long first, long last) throws SQLException {
    List<RevenueReport.Total> all = new ArrayList<>();
    for (long period = first; period <= last; period++) {
      BigInteger now = net(period);
      all.add(
          new RevenueReport.Total(
              calendar.name(period),
              total(period, Kind.USAGE),
              total(period, Kind.ADJUSTMENTS),
              total(period, Kind.PROMOTIONS),
              total(period, Kind.LOSSES),
              total(period, Kind.CREDITS),
              total(period, Kind.ROUNDING),
              total(period, Kind.BREAKAGE),
              deferred(period),
              new RevenueReport.Growth(net(period - 1), now),
              new RevenueReport.Growth(net(period - calendar.perYear()), now)));
    }
    return all;
  }

  private BigInteger total(long period, Kind kind) {
    return totals.getOrDefault(new Place(period, kind), BigInteger.ZERO);
  }

  private BigInteger net(long period) {
    BigInteger net = BigInteger.ZERO;
    for (Kind kind : Kind.values()) {
      net = net.add(total(period, kind));
    }
    return net;
  }
}
