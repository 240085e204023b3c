package io.yuntai.console.requests;

import io.yuntai.console.page.Audience;
import io.yuntai.console.page.Page;
import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;
import io.yuntai.console.table.Cell;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.requests.RequestLog;
import io.yuntai.ledger.requests.RequestRow;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.texts.KeptText;
import io.yuntai.ledger.usage.ProvenRequest;
import io.yuntai.server.console.ConsoleServices;
import io.yuntai.server.gateway.HostedModel;
import io.yuntai.server.http.FormFields;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** {@code /console/requests/TENANT/ID}: one request, from its key to the ledger's entry. */
public final class RequestPage implements Page {
  /** Who comes right from the answer waits so long for its row; the log writes each half second. */
  private static final Duration LOGGED_WITHIN = Duration.ofSeconds(2);

  private final ConsoleServices services;
  private final Replays replays;

  RequestPage(ConsoleServices services, Replays replays) {
    this.services = services;
    this.replays = replays;
  }

  /**
   * What its template shows.
   *
   * @param settling whether its price is not known yet, but will be soon
   * @param proof why it costs what it does; empty where it was never let in
   * @param kept what was asked and answered; empty where that is not kept, or not for the reader
   * @param keptDays for how long the tenant wants that kept; 0 for not at all
   * @param models that may be asked again
   */
  public record Model(
      RequestRow row,
      Cell status,
      Waterfall waterfall,
      boolean settling,
      Optional<ProvenRequest> proof,
      Optional<KeptView> kept,
      int keptDays,
      List<String> models) {}

  @Override
  public String path() {
    return RequestsPage.PATH + "/{tenant}/{request}";
  }

  @Override
  public Audience audience() {
    return Audience.of(Permission.READ);
  }

  @Override
  public View show(Visit visit) {
    return View.html(
        "requests/request.jte", model(services, visit, visit.place("request"), LOGGED_WITHIN));
  }

  /**
   * What is known of a request.
   *
   * @param most how long its row is waited for
   * @throws RefusedException when there is none
   */
  static Model model(ConsoleServices services, Visit visit, String id, Duration most) {
    Organisation org = visit.tenant();
    RefusedException missing = RefusedException.notFound("request", id);
    if (id.isEmpty() || id.length() > 64) {
      throw missing;
    }
    RequestLog log = new RequestLog(new Transactions(services.admin().database()));
    RequestRow row =
        RequestLog.soon(most, () -> visit.operates() ? log.find(id) : log.find(org, id))
            .orElseThrow(() -> missing);
    UUID usage = row.request().cost().usageId();
    Optional<ProvenRequest> proof =
        usage == null || row.tenant().isEmpty()
            ? Optional.empty()
            : services
                .admin()
                .proofs()
                .find(services.admin().tenancy().organisations().find(row.tenant()), usage);
    return new Model(
        row,
        RequestColumns.status(visit, row),
        Waterfall.of(row.request().stages()),
        RequestsPage.isSettling(row, services.clock().instant()),
        proof,
        text(services, visit, row).map(text -> KeptView.of(visit, text)),
        row.tenant().isEmpty() ? 0 : services.admin().texts().keeping(tenant(services, row)).days(),
        models(services));
  }

  private static Organisation tenant(ConsoleServices services, RequestRow row) {
    return services.admin().tenancy().organisations().find(row.tenant());
  }

  /** To who may ask themselves; what a person asked to that person alone. */
  private static Optional<KeptText> text(ConsoleServices services, Visit visit, RequestRow row) {
    if (row.tenant().isEmpty() || !visit.caller().may(Permission.KEYS, row.tenant())) {
      return Optional.empty();
    }
    return services
        .admin()
        .texts()
        .find(tenant(services, row), visit.session().userId(), row.request().requestId());
  }

  private static List<String> models(ConsoleServices services) {
    return Stream.concat(
            services.models().all().stream().map(HostedModel::name),
            services.gateway().routing().listed().stream().map(route -> route.name()))
        .distinct()
        .sorted()
        .toList();
  }

  @Override
  public View act(Visit visit, FormFields form) throws ApiException {
    Model old = model(services, visit, visit.place("request"), Duration.ZERO);
    KeptText text =
        text(services, visit, old.row())
            .orElseThrow(() ->
                RefusedException.notFound("kept text of the request", visit.place("request")));
    String id = replays.start(visit, text, form.text("model").strip());
    return View.redirect(
        ComparePage.PATH
            + "?tenant="
            + old.row().tenant()
            + "&one="
            + old.row().request().requestId()
            + "&other="
            + id);
  }
}
