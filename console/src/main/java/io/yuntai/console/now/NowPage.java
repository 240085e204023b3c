package io.yuntai.console.now;

import io.yuntai.console.live.LiveStreams;
import io.yuntai.console.page.Audience;
import io.yuntai.console.page.NavigationEntry;
import io.yuntai.console.page.Page;
import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;
import io.yuntai.console.table.Table;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.ledger.usage.UsageStep;
import io.yuntai.server.console.ConsoleServices;
import io.yuntai.server.standing.WorkItem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /console/now}. */
public final class NowPage implements Page {
  static final String PATH = "/console/now";

  private final NowFigures figures;
  private final ConsoleServices services;

  NowPage(NowFigures figures, ConsoleServices services) {
    this.figures = figures;
    this.services = services;
  }

  /**
   * What its template shows.
   *
   * @param state of what is followed
   * @param strip the last day
   */
  public record Model(
      String state,
      List<NowFigures.Figure> figures,
      Table work,
      List<UsageStep> strip,
      boolean operator) {}

  @Override
  public String path() {
    return PATH;
  }

  @Override
  public Audience audience() {
    return Audience.of(Permission.READ);
  }

  @Override
  public Optional<NavigationEntry> navigation() {
    return Optional.of(new NavigationEntry("now.title", 10, "now"));
  }

  @Override
  public View show(Visit visit) {
    if (Table.isExport(visit)) {
      return visit.query().text(Table.TABLE).equals(NowTables.STRIP)
          ? NowTables.strip(visit, figures.strip(visit)).csv("requests-24h")
          : NowTables.work(visit, rows(visit)).csv("work");
    }
    return View.html(
        "now/now.jte",
        new Model(
            LiveStreams.state(live(visit)),
            figures.of(visit),
            NowTables.work(visit, rows(visit))
                .table(
                    visit,
                    visit.text("now.work.none", visit.ui().age(services.standing().started()))),
            figures.strip(visit),
            visit.operates()));
  }

  private List<WorkRow> rows(Visit visit) {
    return work(visit).stream().map(item -> WorkRow.of(visit, item)).toList();
  }

  private List<WorkItem> work(Visit visit) {
    return visit.operates()
        ? services.standing().work()
        : services.standing().work(visit.tenant().id());
  }

  LiveStreams.Now live(Visit visit) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (NowFigures.Figure figure : figures.of(visit)) {
      texts.put(figure.id() + "-value", figure.value());
      texts.put(figure.id() + "-age", figure.age());
    }
    StringBuilder kinds = new StringBuilder();
    work(visit).forEach(item -> kinds.append(item.kind()).append(item.facts()));
    return new LiveStreams.Now(texts, Map.of("now-work", kinds.toString()));
  }
}
