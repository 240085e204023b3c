package io.yuntai.planner.files;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.calendar.FiscalYears;
import io.yuntai.planner.calendar.Quarter;
import io.yuntai.planner.facts.Facts;
import io.yuntai.planner.futures.FanTree;
import io.yuntai.planner.futures.Futures;
import io.yuntai.planner.money.PlanCurrency;
import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.Contract;
import io.yuntai.planner.plan.Demand;
import io.yuntai.planner.plan.Finance;
import io.yuntai.planner.plan.Horizon;
import io.yuntai.planner.plan.LoadBlock;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Rules;
import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.Site;
import io.yuntai.planner.plan.WorkClass;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Month;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;

/** Reads plans; {@code docs/planner.md} tells the form. */
public final class PlanFileReader {
  /** Of a plan's text. */
  public static final int MAX_CHARS = 4 << 20;

  /** Hours of a quarter: all of it in one of them. */
  private static final double MOST_LOAD = 2208;

  private static final Map<String, Month> YEARS_BEGIN =
      Map.of(
          "January",
          Month.JANUARY,
          "April",
          Month.APRIL,
          "July",
          Month.JULY,
          "October",
          Month.OCTOBER);

  private PlanFileReader() {}

  /**
   * A file; files of usage that it names lie beside it.
   *
   * @throws PlannerException with file, line, column, cell and the mend
   */
  public static PlanFile file(Path path, Facts facts) {
    try {
      if (Files.size(path) > MAX_CHARS) {
        throw new PlannerException("%s is longer than %d bytes.".formatted(path, MAX_CHARS));
      }
      Path folder = path.toAbsolutePath().getParent();
      return read(path.toString(), Files.readString(path), facts, Optional.ofNullable(folder));
    } catch (CharacterCodingException _) {
      throw new PlannerException("%s is not text in UTF-8.".formatted(path));
    } catch (IOException e) {
      throw PlannerException.unreadable(path, e);
    }
  }

  /**
   * A text, which may name no usage but that of its own {@code [files]}.
   *
   * @param name for errors
   */
  public static PlanFile text(String name, String text, Facts facts) {
    if (text.length() > MAX_CHARS) {
      throw new PlannerException("%s is longer than %d characters.".formatted(name, MAX_CHARS));
    }
    return read(name, text, facts, Optional.empty());
  }

  @SuppressWarnings("OptionalUsedAsFieldOrParameterType")
  private static PlanFile read(String name, String text, Facts facts, Optional<Path> folder) {
    TomlParseResult toml = toml(name, text);
    CellSource source = new CellSource(name, toml, facts);
    PlanCells top = new PlanCells(source, toml, "", null);
    String title = top.text("name");
    PlanCells money = top.table("money");
    PlanCells time = top.table("horizon");
    source.currency = money.checked("currency", () -> PlanCurrency.of(money.text("currency")));
    FiscalYears fiscal = new FiscalYears(time.choice("fiscal-year-begins", "January", YEARS_BEGIN));
    Horizon horizon = horizon(time, fiscal);
    source.first = Quarter.parse(horizon.firstQuarter());
    source.quarters = horizon.length();
    MoneyReader.prices(money);
    List<LoadBlock> blocks = new ArrayList<>();
    Map<String, Double> loads = blocks(top, blocks);
    List<WorkClass> classes = WorkReader.classes(top);
    List<Chip> chips = ChipReader.chips(top);
    List<Site> sites = SiteReader.sites(top);
    List<Contract> contracts = ContractReader.contracts(top);
    Optional<FanTree> fan = FanReader.tree(top);
    List<Scenario> told =
        fan.map(FanTree::scenarios).orElseGet(() -> ScenarioReader.scenarios(top, chips));
    List<String> regions = top.texts("regions");
    if (regions.isEmpty()) {
      throw top.slip("regions", "names no region; name one at least, as [\"home\"]");
    }
    Finance finance = MoneyReader.finance(money);
    UsageFiles files = UsageFiles.of(top.table("files"), folder);
    DemandNames names = new DemandNames(classes, regions, blocks, told);
    Demand expected =
        new DemandReader(top, names, classes, blocks, loads, fiscal, files, fan).demand();
    Rules ruled = RulesReader.rules(top.table("rules"));
    boolean robust = RobustReader.isThere(top);
    Futures futures = robust ? RobustReader.futures(top, expected) : new Futures(told, expected);
    Rules rules = robust ? RobustReader.rules(top, ruled, futures.scenarios()) : ruled;
    List<ContextLine> context = context(top);
    top.end();
    PlanInputs inputs =
        top.made(() ->
            new PlanInputs(
                title,
                horizon,
                blocks,
                regions,
                classes,
                futures.scenarios(),
                futures.demand(),
                chips,
                sites,
                contracts,
                finance,
                rules));
    return new PlanFile(
        inputs, source.currency, fiscal, source.rates, source.assumptions, context, source.notes);
  }

  private static TomlParseResult toml(String name, String text) {
    TomlParseResult toml;
    try {
      toml = Toml.parse(text);
    } catch (RuntimeException | AssertionError | StackOverflowError _) {
      // Where quotes are broken several times over, the parser fails by its own assertions.
      throw new PlannerException(name + " is not TOML.");
    }
    if (toml.hasErrors()) {
      var first = toml.errors().getFirst();
      throw new PlannerException(
          "%s%s: %s.".formatted(name, PlanCells.place(first.position()), first.getMessage()));
    }
    return toml;
  }

  private static Horizon horizon(PlanCells time, FiscalYears fiscal) {
    String text = time.text("first-quarter");
    Quarter first =
        time.checked(
            "first-quarter",
            () -> text.startsWith("FY") ? fiscal.parse(text) : Quarter.parse(text));
    int quarters = time.count("quarters", 8);
    int tail = time.count("tail-quarters", 0);
    time.end();
    return time.made(() -> new Horizon(first.toString(), quarters, tail));
  }

  /** Blocks, and how their load stands to the mean. */
  private static Map<String, Double> blocks(PlanCells top, List<LoadBlock> blocks) {
    Map<String, Double> loads = new LinkedHashMap<>();
    for (PlanCells.Named block : top.named("blocks")) {
      PlanCells cells = block.cells();
      double hours = cells.number("hours", "h");
      boolean peak = cells.flag("peak", false);
      double load = cells.amount("load", "1", 1);
      if (load > MOST_LOAD) {
        throw cells.slip(
            "load",
            "%s times the mean hour can't be; the whole quarter in one hour is %s"
                .formatted(CellText.plain(load), CellText.plain(MOST_LOAD)));
      }
      loads.put(block.name(), load);
      cells.end();
      blocks.add(cells.made(() -> new LoadBlock(block.name(), hours, peak)));
      double sum = blocks.stream().mapToDouble(LoadBlock::hours).sum();
      if (sum > LoadBlock.MOST_HOURS) {
        throw cells.slip(
            "hours",
            "the hours of blocks add up to %s, and a quarter has %s at most; take %s away"
                .formatted(
                    CellText.plain(sum),
                    CellText.plain(LoadBlock.MOST_HOURS),
                    CellText.plain(sum - LoadBlock.MOST_HOURS)));
      }
    }
    return loads;
  }

  private static List<ContextLine> context(PlanCells top) {
    List<ContextLine> lines = new ArrayList<>();
    for (PlanCells cells : top.tables("context")) {
      String name = cells.text("name");
      int year = cells.count("year", 0);
      if (year != 0 && (year < 1900 || year > 2200)) {
        throw cells.slip("year", "%d is no year such as 2025".formatted(year));
      }
      double amount = cells.amount("amount", "million ¤");
      Assumption told = cells.source().assumptions.getLast();
      cells.end();
      lines.add(new ContextLine(name, year, amount, told.value(), told.source()));
    }
    return lines;
  }
}
