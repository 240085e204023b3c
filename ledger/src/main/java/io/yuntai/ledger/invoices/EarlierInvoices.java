package io.yuntai.ledger.invoices;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How far an organisation's invoices have come in months and periods that later ones go on with.
 *
 * @param months whose prices go by what they used, by month and price
 * @param covered by commitments, by commitment and period
 */
record EarlierInvoices(List<MonthUnits> months, List<CoveredUnits> covered) {
  /** So far back requests can settle, since usage is kept for thirteen months. */
  static final Duration REACH = Duration.ofDays(400);

  /** What all invoices that end before an instant, or at it, had together. */
  static EarlierInvoices before(Connection connection, long orgId, Instant end)
      throws SQLException {
    Map<String, MonthUnits> months = new TreeMap<>();
    Map<Coverage.Place, CoveredUnits> covered = new TreeMap<>(Coverage.Place.ORDER);
    for (StoredInvoice stored :
        InvoiceRows.invoices(
            connection,
            "org_id = ? and credits is null and upper(period) <= ? and upper(period) > ?",
            orgId,
            InvoiceSql.time(end),
            InvoiceSql.time(end.minus(REACH)))) {
      for (MonthUnits month : stored.invoice().months()) {
        months.merge(month.month() + " " + month.price(), month, EarlierInvoices::sum);
      }
      for (CoveredUnits units : stored.invoice().covered()) {
        covered.merge(
            new Coverage.Place(units.commitment(), units.begin()), units, EarlierInvoices::sum);
      }
    }
    return new EarlierInvoices(List.copyOf(months.values()), List.copyOf(covered.values()));
  }

  private static MonthUnits sum(MonthUnits one, MonthUnits other) {
    return new MonthUnits(one.month(), one.price(), Math.addExact(one.units(), other.units()));
  }

  private static CoveredUnits sum(CoveredUnits one, CoveredUnits other) {
    return new CoveredUnits(one.commitment(), one.begin(), one.units().add(other.units()));
  }

  /** Of the periods that an invoice goes on with. */
  List<CoveredUnits> coveredWhere(List<CoveredUnits> goingOn) {
    Set<Coverage.Place> places = new HashSet<>();
    goingOn.forEach(one -> places.add(new Coverage.Place(one.commitment(), one.begin())));
    return covered.stream()
        .filter(one -> places.contains(new Coverage.Place(one.commitment(), one.begin())))
        .toList();
  }
}
