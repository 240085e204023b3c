package io.yuntai.console.requests;

import io.yuntai.console.page.Audience;
import io.yuntai.console.page.Page;
import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;
import io.yuntai.console.text.Formats;
import io.yuntai.ledger.requests.LoggedRequest;
import io.yuntai.ledger.requests.RequestRow;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.server.console.ConsoleServices;
import io.yuntai.server.texts.WordDiff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** {@code /console/requests-compare}: two requests beside each other, and where they differ. */
public final class ComparePage implements Page {
  static final String PATH = "/console/requests-compare";

  private final ConsoleServices services;
  private final Replays replays;

  ComparePage(ConsoleServices services, Replays replays) {
    this.services = services;
    this.replays = replays;
  }

  /**
   * What its template shows.
   *
   * @param other empty while it is being answered
   * @param otherId of the other one
   * @param words in which the answers differ; empty where one of them is not kept
   */
  public record Model(
      RequestPage.Model one,
      Optional<RequestPage.Model> other,
      String otherId,
      List<Line> lines,
      List<WordDiff.Piece> words) {}

  /** A thing that both have. */
  public record Line(String label, String one, String other, boolean same) {}

  @Override
  public String path() {
    return PATH;
  }

  @Override
  public Audience audience() {
    return Audience.of(Permission.READ);
  }

  @Override
  public View show(Visit visit) {
    RequestPage.Model one =
        RequestPage.model(services, visit, visit.query().text("one").strip(), Duration.ZERO);
    String otherId = visit.query().text("other").strip();
    Optional<RequestPage.Model> other = other(visit, otherId);
    return View.html(
        "requests/compare.jte",
        new Model(
            one,
            other,
            otherId,
            other.map(there -> lines(visit, one.row(), there.row())).orElse(List.of()),
            other
                .filter(there -> one.kept().isPresent() && there.kept().isPresent())
                .map(there ->
                    WordDiff.of(
                        one.kept().orElseThrow().answer(), there.kept().orElseThrow().answer()))
                .orElse(List.of())));
  }

  private Optional<RequestPage.Model> other(Visit visit, String id) {
    try {
      RequestPage.Model there = RequestPage.model(services, visit, id, Duration.ZERO);
      // Words are written by a thread of their own.
      boolean wordless = there.keptDays() > 0 && there.kept().isEmpty() && replays.isAwaited(id);
      return wordless ? Optional.empty() : Optional.of(there);
    } catch (RefusedException missing) {
      if (replays.isAwaited(id)) {
        return Optional.empty();
      }
      throw missing;
    }
  }

  private static List<Line> lines(Visit visit, RequestRow one, RequestRow other) {
    Formats formats = visit.ui().formats();
    List<String> labels = new ArrayList<>();
    List<String> left = facts(formats, one, visit, labels);
    List<String> right = facts(formats, other, visit, new ArrayList<>());
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      lines.add(
          new Line(
              labels.get(i), left.get(i), right.get(i), Objects.equals(left.get(i), right.get(i))));
    }
    return lines;
  }

  private static List<String> facts(
      Formats formats, RequestRow row, Visit visit, List<String> labels) {
    LoggedRequest request = row.request();
    List<String> facts = new ArrayList<>();
    add(labels, facts, visit.text("requests.model"), request.asked().model());
    add(labels, facts, visit.text("requests.served"), request.served().model());
    add(labels, facts, visit.text("requests.target"), request.served().target());
    add(labels, facts, visit.text("requests.dialect"), request.asked().dialect());
    add(labels, facts, visit.text("requests.key"), RequestColumns.key(row));
    add(labels, facts, visit.text("requests.project"), row.project());
    add(
        labels,
        facts,
        visit.text("requests.status"),
        request.outcome().status() + " " + request.outcome().errorCode());
    add(labels, facts, visit.text("requests.finish"), request.outcome().finish());
    add(labels, facts, visit.text("requests.input"), formats.count(request.tokens().inputLength()));
    add(labels, facts, visit.text("requests.cached"), formats.count(request.tokens().cacheHit()));
    add(labels, facts, visit.text("requests.output"), formats.count(request.tokens().generated()));
    for (Waterfall.Stage stage : allStages(request)) {
      add(
          labels,
          facts,
          visit.text("requests.stage." + stage.name()),
          stage.micros() == LoggedRequest.Stages.NONE
              ? "–"
              : formats.duration(Duration.ofNanos(stage.micros() * 1000)));
    }
    add(labels, facts, visit.text("requests.book"), row.priceBook());
    add(
        labels,
        facts,
        visit.text("requests.amount"),
        row.currency().isEmpty() ? "" : formats.money(row.amount(), row.currency(), 12));
    return facts;
  }

  private static List<Waterfall.Stage> allStages(LoggedRequest request) {
    LoggedRequest.Stages stages = request.stages();
    return List.of(
        new Waterfall.Stage("auth", stages.auth(), 0, 0),
        new Waterfall.Stage("prepare", stages.prepare(), 0, 0),
        new Waterfall.Stage("hold", stages.hold(), 0, 0),
        new Waterfall.Stage("queue", stages.queue(), 0, 0),
        new Waterfall.Stage("prefill", stages.prefill(), 0, 0),
        new Waterfall.Stage("decode", stages.decode(), 0, 0),
        new Waterfall.Stage("settle", stages.settle(), 0, 0),
        new Waterfall.Stage("total", stages.total(), 0, 0));
  }

  private static void add(List<String> labels, List<String> facts, String label, String fact) {
    labels.add(label);
    facts.add(fact);
  }
}
