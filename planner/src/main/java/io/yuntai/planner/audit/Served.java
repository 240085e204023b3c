package io.yuntai.planner.audit;

import io.yuntai.planner.plan.Decisions;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.statements.Decimals;
import io.yuntai.planner.statements.Stocks;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;

/** Work and servers at work of one scenario, added up by where and when. */
final class Served {
  private final Map<Key, BigDecimal> sums = new HashMap<>();

  /** What is added up: a kind of sum and up to four names, empty where it goes over all. */
  private record Key(String kind, String a, String b, String c, String block, int quarter) {}

  Served(PlanInputs inputs, Decisions decisions, Stocks stocks) {
    for (Decisions.Work one : decisions.work()) {
      if (stocks.holds(one.scenario(), one.quarter())) {
        BigDecimal units = Decimals.of(one.unitsPerSecond());
        String w = one.workClass();
        int t = one.quarter();
        add(new Key("region", w, one.region(), "", one.block(), t), units);
        add(new Key("place", w, one.place(), "", one.block(), t), units);
        add(new Key("all of place", one.place(), "", "", one.block(), t), units);
        add(new Key("way", w, one.region(), one.place(), one.block(), t), units);
      }
    }
    for (Decisions.Busy one : decisions.busy()) {
      if (stocks.holds(one.scenario(), one.quarter())) {
        busy(inputs, one);
      }
    }
    for (Decisions.Unserved one : decisions.unserved()) {
      if (stocks.holds(one.scenario(), one.quarter())) {
        add(
            new Key("unserved", one.workClass(), one.region(), "", one.block(), one.quarter()),
            Decimals.of(one.unitsPerSecond()));
      }
    }
  }

  private void busy(PlanInputs inputs, Decisions.Busy one) {
    BigDecimal servers = Decimals.of(one.servers());
    double usable = inputs.workClass(one.workClass()).usableLoad();
    double rate =
        one.chip().isEmpty()
            ? inputs.contract(one.place()).unitsPerSecond().getOrDefault(one.workClass(), 0.0)
            : inputs.chip(one.chip()).rate(one.workClass());
    int t = one.quarter();
    add(
        new Key("capacity", one.workClass(), one.place(), "", one.block(), t),
        Decimals.times(servers, rate));
    add(
        new Key("taken", one.place(), one.chip(), "", one.block(), t),
        Decimals.by(servers, usable));
    add(new Key("working", one.place(), one.chip(), "", one.block(), t), servers);
  }

  private void add(Key key, BigDecimal amount) {
    sums.merge(key, amount, BigDecimal::add);
  }

  private BigDecimal get(Key key) {
    return sums.getOrDefault(key, BigDecimal.ZERO);
  }

  /** Work of a class for a region. */
  BigDecimal forRegion(String workClass, String region, String block, int quarter) {
    return get(new Key("region", workClass, region, "", block, quarter));
  }

  /** Work of a class that a place does. */
  BigDecimal byPlace(String workClass, String place, String block, int quarter) {
    return get(new Key("place", workClass, place, "", block, quarter));
  }

  /** Work of all classes that a place does. */
  BigDecimal byPlace(String place, String block, int quarter) {
    return get(new Key("all of place", place, "", "", block, quarter));
  }

  /** Work of a class that a place does for a region. */
  BigDecimal onWay(String workClass, String region, String place, String block, int quarter) {
    return get(new Key("way", workClass, region, place, block, quarter));
  }

  /** What the servers that work for a class in a place can do. */
  BigDecimal capacity(String workClass, String place, String block, int quarter) {
    return get(new Key("capacity", workClass, place, "", block, quarter));
  }

  /** Servers that all classes take in a place, with what they must leave idle. */
  BigDecimal taken(String place, String chip, String block, int quarter) {
    return get(new Key("taken", place, chip, "", block, quarter));
  }

  /** Servers that work. */
  BigDecimal working(String place, String chip, String block, int quarter) {
    return get(new Key("working", place, chip, "", block, quarter));
  }

  /** What is not served. */
  BigDecimal unserved(String workClass, String region, String block, int quarter) {
    return get(new Key("unserved", workClass, region, "", block, quarter));
  }
}
