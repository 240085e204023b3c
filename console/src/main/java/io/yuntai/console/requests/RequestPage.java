package io.yuntai.console.requests;

import io.yuntai.console.page.Audience;
import io.yuntai.console.page.Page;
import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;
import io.yuntai.console.table.Cell;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.requests.RequestLog;
import io.yuntai.ledger.requests.RequestRow;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.usage.ProvenRequest;
import io.yuntai.server.console.ConsoleServices;
import java.util.Optional;
import java.util.UUID;

/** {@code /console/requests/TENANT/ID}: one request, from its key to the ledger's entry. */
public final class RequestPage implements Page {
  private final ConsoleServices services;

  RequestPage(ConsoleServices services) {
    this.services = services;
  }

  /**
   * What its template shows.
   *
   * @param proof why it costs what it does; empty where it was never let in
   */
  public record Model(
      RequestRow row, Cell status, Waterfall waterfall, Optional<ProvenRequest> proof) {}

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
    return View.html("requests/request.jte", model(services, visit, visit.place("request")));
  }

  static Model model(ConsoleServices services, Visit visit, String id) {
    Organisation org = visit.tenant();
    RefusedException missing = RefusedException.notFound("request", id);
    if (id.isEmpty() || id.length() > 64) {
      throw missing;
    }
    RequestLog log = new RequestLog(new Transactions(services.admin().database()));
    RequestRow row =
        (visit.operates() ? log.find(id) : log.find(org, id)).orElseThrow(() -> missing);
    UUID usage = row.request().cost().usageId();
    Optional<ProvenRequest> proof =
        usage == null || row.tenant().isEmpty()
            ? Optional.empty()
            : services
                .admin()
                .proofs()
                .find(services.admin().tenancy().organisations().find(row.tenant()), usage);
    return new Model(
        row, RequestsPage.status(visit, row), Waterfall.of(row.request().stages()), proof);
  }
}
