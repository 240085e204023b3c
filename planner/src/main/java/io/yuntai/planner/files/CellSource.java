package io.yuntai.planner.files;

import io.yuntai.planner.calendar.Quarter;
import io.yuntai.planner.facts.Facts;
import io.yuntai.planner.money.FxRates;
import io.yuntai.planner.money.FxScenario;
import io.yuntai.planner.money.PlanCurrency;
import io.yuntai.planner.money.PriceIndex;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlTable;

/**
 * What cells are read with: where numbers may come from, how money is told, and what is noted on
 * the way.
 */
final class CellSource {
  final String file;

  /** All of the file. */
  final TomlTable top;

  final Facts facts;
  final List<Assumption> assumptions = new ArrayList<>();
  final List<String> notes = new ArrayList<>();
  PlanCurrency currency = PlanCurrency.CNY;
  FxRates rates;
  FxScenario fxChange = FxScenario.STILL;
  PriceIndex index;

  /** In whose prices the plan reckons; null where each quarter's own count. */
  @Nullable Quarter realBase;

  Quarter first = new Quarter(2025, 1);
  int quarters = 1;

  CellSource(String file, TomlTable top, Facts facts) {
    this.file = file;
    this.top = top;
    this.facts = facts;
    this.rates = FxRates.of(facts);
    this.index = PriceIndex.of(facts);
  }

  /** Once for each sentence. */
  void note(String sentence) {
    if (!notes.contains(sentence)) {
      notes.add(sentence);
    }
  }
}
