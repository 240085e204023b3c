package io.yuntai.console.models;

import io.yuntai.console.live.LiveStreams;
import io.yuntai.console.page.Audience;
import io.yuntai.console.page.NavigationEntry;
import io.yuntai.console.page.Page;
import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;
import io.yuntai.console.table.Cell;
import io.yuntai.console.table.Listing;
import io.yuntai.console.table.Table;
import io.yuntai.console.table.Table.Column;
import io.yuntai.console.text.Formats;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.models.pull.PullEvent;
import io.yuntai.server.console.ConsoleServices;
import io.yuntai.server.http.FormFields;
import io.yuntai.server.shelf.Fit;
import io.yuntai.server.shelf.MachineSpeed;
import io.yuntai.server.shelf.PullState;
import io.yuntai.server.shelf.ShelfModel;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /console/models}. The operator sees and changes all; others see what is served, and what
 * it costs them.
 */
public final class ModelsPage implements Page {
  static final String PATH = "/console/models";
  static final String LIVE = "/console/models-live";

  private final ConsoleServices services;
  private final ModelRows rows;

  ModelsPage(ConsoleServices services, ModelRows rows) {
    this.services = services;
    this.rows = rows;
  }

  /**
   * What its template shows.
   *
   * @param state of what is followed
   * @param pulls that are under way
   * @param machine how fast memory is read, in words
   */
  public record Model(
      String state,
      Table table,
      List<PullState> pulls,
      String machine,
      String memory,
      List<String> kinds,
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
    return Optional.of(new NavigationEntry("models.title", 30, "models"));
  }

  @Override
  public View show(Visit visit) {
    List<ShelfModel> all = services.shelf().list();
    List<ModelRow> shown =
        rows.of(
            visit,
            all.stream()
                .filter(model -> isWanted(visit, model))
                // What is here comes first; the rest stays in the catalogue's order.
                .sorted(Comparator.comparingInt(ModelsPage::nearness))
                .toList());
    Listing<ModelRow> listing = Listing.of(visit, "models", columns(visit), shown);
    if (listing.isWanted(visit)) {
      return listing.csv("models");
    }
    Formats formats = visit.ui().formats();
    Optional<MachineSpeed.Measured> speed = services.shelf().machine().measured();
    return View.html(
        "models/models.jte",
        new Model(
            LiveStreams.state(live(visit)),
            listing.table(visit, visit.text("models.empty")),
            visit.operates()
                ? services.shelf().pulls().list().stream()
                    .filter(pull -> !pull.phase().ended())
                    .toList()
                : List.of(),
            speed.map(one -> machine(visit, one)).orElse(visit.text("models.machine.unknown")),
            all.isEmpty() ? "" : formats.bytes(all.getFirst().fit().availableBytes()),
            List.of("chat", "embedding", "rerank", "route"),
            visit.operates()));
  }

  /** How fast memory is read, and how old that is. */
  static String machine(Visit visit, MachineSpeed.Measured speed) {
    return visit.text(
        "models.machine",
        visit.ui().formats().bytes((long) speed.bytesPerSecond()),
        visit.ui().age(speed.at()));
  }

  private static boolean isWanted(Visit visit, ShelfModel model) {
    boolean served =
        model.state() == ShelfModel.State.SERVED || model.state() == ShelfModel.State.ROUTED;
    if (!visit.operates()) {
      return served;
    }
    String kind = visit.query().text("kind");
    String search = visit.query().text("q").strip().toLowerCase(Locale.ROOT);
    boolean here =
        switch (visit.query().text("where")) {
          case "served" -> served;
          case "here" -> model.stored().isPresent();
          case "fits" -> model.fit().verdict() == Fit.Verdict.FITS;
          default -> true;
        };
    return here
        && (kind.isEmpty() || model.kind().equals(kind))
        && (search.isEmpty()
            || model.name().contains(search)
            || model.description().toLowerCase(Locale.ROOT).contains(search));
  }

  private static int nearness(ShelfModel model) {
    return switch (model.state()) {
      case SERVED, ROUTED, BROKEN -> 0;
      case PULLING, PULL_FAILED, LOADING, LOAD_FAILED -> 1;
      case PULLED -> 2;
      case AVAILABLE, UNSUPPORTED -> 3;
    };
  }

  static String address(String model) {
    return PATH + "/" + URLEncoder.encode(model, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private List<Column<ModelRow>> columns(Visit visit) {
    Formats formats = visit.ui().formats();
    return List.of(
        Column.of(
            "model",
            visit.text("models.model"),
            row -> new Cell.Link(row.model().name(), address(row.model().name()))),
        Column.of("state", visit.text("models.state"), row -> state(visit, row.model())),
        Column.of(
            "since",
            visit.text("models.since"),
            row -> row.model().since().<Cell>map(Cell.Time::new).orElse(new Cell.Nothing())),
        Column.of(
            "licence", visit.text("models.licence"), row -> new Cell.Text(row.model().licence())),
        Column.figures(
            "size_bytes",
            visit.text("models.size"),
            row ->
                row.model().sizeBytes() == 0
                    ? new Cell.Nothing()
                    : new Cell.Figure(
                        formats.bytes(row.model().sizeBytes()),
                        Long.toString(row.model().sizeBytes()))),
        Column.of("fit", visit.text("models.fit"), row -> fit(visit, row.model().fit())),
        Column.figures(
            "expected_tokens_per_second",
            visit.text("models.expected"),
            row -> expected(visit, row.model().fit())),
        Column.figures(
            "measured_tokens_per_second",
            visit.text("models.measured"),
            row ->
                row.measured()
                    .<Cell>map(speed ->
                        new Cell.Figure(
                            formats.decimal(speed.tokensPerSecond(), 1),
                            Double.toString(speed.tokensPerSecond())))
                    .orElse(new Cell.Nothing())),
        Column.figures(
            "context_tokens",
            visit.text("models.context"),
            row ->
                row.model().contextTokens() == 0
                    ? new Cell.Nothing()
                    : new Cell.Figure(
                        formats.count(row.model().contextTokens()),
                        Integer.toString(row.model().contextTokens()))),
        Column.figures(
            "input_price",
            visit.text("models.price.in"),
            row -> new Cell.Figure(row.inputPrice(), row.inputPrice())),
        Column.figures(
            "output_price",
            visit.text("models.price.out"),
            row -> new Cell.Figure(row.outputPrice(), row.outputPrice())),
        Column.<ModelRow>of(
                "kind", visit.text("models.kind"), row -> new Cell.Text(row.model().kind()))
            .onRequest(),
        Column.<ModelRow>of("sha256", "SHA-256", row -> new Cell.Code(row.model().digest()))
            .onRequest());
  }

  static Cell state(Visit visit, ShelfModel model) {
    String label = visit.text("models.state." + model.state().name().toLowerCase(Locale.ROOT));
    return new Cell.Badge(
        label
            + model
                .pull()
                .filter(pull -> !pull.phase().ended() && pull.percent().isPresent())
                .map(pull -> " " + pull.percent().getAsLong() + " %")
                .orElse(""),
        switch (model.state()) {
          case SERVED, ROUTED -> Cell.Tone.OK;
          case PULLING, LOADING -> Cell.Tone.WARN;
          case PULL_FAILED, LOAD_FAILED, BROKEN -> Cell.Tone.BAD;
          case AVAILABLE, PULLED, UNSUPPORTED -> Cell.Tone.PLAIN;
        });
  }

  static Cell fit(Visit visit, Fit fit) {
    return new Cell.Badge(
        visit.text("models.fit." + fit.verdict().name().toLowerCase(Locale.ROOT)),
        switch (fit.verdict()) {
          case FITS -> Cell.Tone.OK;
          case TIGHT -> Cell.Tone.WARN;
          case TOO_LARGE -> Cell.Tone.BAD;
          case UNKNOWN -> Cell.Tone.PLAIN;
        });
  }

  static Cell expected(Visit visit, Fit fit) {
    if (fit.tokensPerSecond() <= 0 || fit.verdict() == Fit.Verdict.TOO_LARGE) {
      return new Cell.Nothing();
    }
    Formats formats = visit.ui().formats();
    double speed = fit.tokensPerSecond();
    return new Cell.Figure(
        "~"
            + formats.decimal(speed, speed < 10 ? 1 : 0)
            + " ± "
            + formats.decimal(speed * Fit.UNCERTAINTY, speed < 10 ? 1 : 0),
        Double.toString(Math.round(speed * 10) / 10.0));
  }

  LiveStreams.Now live(Visit visit) {
    Map<String, String> texts = new LinkedHashMap<>();
    StringBuilder states = new StringBuilder();
    for (ShelfModel model : services.shelf().list()) {
      states.append(model.name()).append(model.state());
    }
    if (visit.operates()) {
      for (PullState pull : services.shelf().pulls().list()) {
        states.append(pull.id()).append(pull.phase());
        pull.percent()
            .ifPresent(percent -> texts.put("pull-" + pull.id() + "-bar", Long.toString(percent)));
        texts.put("pull-" + pull.id() + "-text", progress(visit, pull));
      }
    }
    states.append(services.shelf().machine().measured().isPresent());
    return new LiveStreams.Now(
        texts, Map.of("models-live", states.toString(), "model-live", states.toString()));
  }

  /** How a pull stands, in a line. */
  static String progress(Visit visit, PullState pull) {
    Formats formats = visit.ui().formats();
    String phase = visit.text("models.pull." + pull.phase().name().toLowerCase(Locale.ROOT));
    if (pull.progress().isEmpty() || pull.phase().ended()) {
      return phase;
    }
    PullEvent.Progress moved = pull.progress().get();
    if (moved.phase() == PullEvent.Phase.CONVERT) {
      return phase
          + pull.percent().stream()
              .mapToObj(percent -> " " + percent + " %")
              .findFirst()
              .orElse("");
    }
    return phase
        + " "
        + formats.bytes(moved.bytes())
        + (moved.totalBytes() > 0 ? " / " + formats.bytes(moved.totalBytes()) : "")
        + ", "
        + formats.bytes((long) moved.bytesPerSecond())
        + "/s"
        + (moved.etaSeconds() >= 0
            ? ", " + visit.text("models.pull.eta", formats.count(moved.etaSeconds()))
            : "");
  }

  @Override
  public View act(Visit visit, FormFields form) throws ApiException {
    String model = form.text("model").strip();
    ModelActions.act(visit, form.text("do"), model, form.text("pull"));
    return form.text("do").equals("cancel")
        ? View.redirect(PATH)
        : View.redirect(form.text("do").equals("remove") ? PATH : address(model));
  }
}
