package io.yuntai.console.models;

import io.yuntai.console.page.Audience;
import io.yuntai.console.page.Page;
import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;
import io.yuntai.console.table.Cell;
import io.yuntai.dialect.ApiException;
import io.yuntai.engine.EngineStatistics;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.server.console.ConsoleServices;
import io.yuntai.server.http.FormFields;
import io.yuntai.server.shelf.ShelfModel;
import java.util.List;
import java.util.Optional;

/** {@code /console/models/NAME}: a model, its states, and what can be done with it. */
public final class ModelPage implements Page {
  private final ConsoleServices services;
  private final ModelRows rows;

  ModelPage(ConsoleServices services, ModelRows rows) {
    this.services = services;
    this.rows = rows;
  }

  /**
   * What its template shows.
   *
   * @param fit a badge
   * @param expected tokens in a second, in words; empty where nobody knows
   * @param measured how fast memory is read, which that follows from, in words; empty where nobody
   *     knows
   * @param engine what its engine does, where it is served for chat
   * @param progress of its pull, in a line
   */
  public record Model(
      ModelRow row,
      Cell state,
      Cell fit,
      String expected,
      String measured,
      Optional<EngineStatistics> engine,
      String progress,
      boolean operator) {}

  @Override
  public String path() {
    return ModelsPage.PATH + "/{model}";
  }

  @Override
  public Audience audience() {
    return Audience.of(Permission.READ);
  }

  @Override
  public View show(Visit visit) {
    String name = visit.place("model");
    ShelfModel model =
        services
            .shelf()
            .find(name)
            .filter(found -> visit.operates() || !found.servedAs().isEmpty())
            .orElseThrow(() -> RefusedException.notFound("model", name));
    return View.html(
        "models/model.jte",
        new Model(
            rows.of(visit, List.of(model)).getFirst(),
            ModelsPage.state(visit, model),
            ModelsPage.fit(visit, model.fit()),
            ModelsPage.expected(visit, model.fit()) instanceof Cell.Figure figure
                ? figure.text()
                : "",
            services
                .shelf()
                .machine()
                .measured()
                .map(one -> ModelsPage.machine(visit, one))
                .orElse(""),
            model.servedAs().isEmpty()
                ? Optional.empty()
                : services.models().find(model.servedAs()).map(hosted -> hosted.statistics().get()),
            model.pull().map(pull -> ModelsPage.progress(visit, pull)).orElse(""),
            visit.operates()));
  }

  @Override
  public View act(Visit visit, FormFields form) throws ApiException {
    String model = visit.place("model");
    ModelActions.act(visit, form.text("do"), model, form.text("pull"));
    return View.redirect(
        form.text("do").equals("remove") ? ModelsPage.PATH : ModelsPage.address(model));
  }
}
