package io.yuntai.console.money;

import io.yuntai.console.page.Audience;
import io.yuntai.console.page.Page;
import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;
import io.yuntai.console.table.Listing;
import io.yuntai.console.table.Table;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.ledger.verify.CheckResult;
import io.yuntai.ledger.verify.OpenMatters;
import io.yuntai.server.console.ConsoleServices;
import io.yuntai.server.http.FormFields;
import io.yuntai.server.standing.LedgerProof;
import java.util.List;
import java.util.Optional;

/**
 * {@code /console/money/proof}: every rule that the ledger was held to, and what came of it.
 * Tenants see whether each holds; what a broken one is about belongs to whoever runs the server.
 */
public final class ProofPage implements Page {
  private final ConsoleServices services;

  ProofPage(ConsoleServices services) {
    this.services = services;
  }

  /**
   * What its template shows.
   *
   * @param proof the last verification
   * @param rules what it found
   * @param open the matters as a table
   * @param matters what the ledger keeps open: everybody's for the operator, else the tenant's
   */
  public record Model(
      Optional<LedgerProof.Proof> proof,
      Table rules,
      Table open,
      OpenMatters matters,
      boolean operator) {}

  @Override
  public String path() {
    return MoneyPage.PATH + "/proof";
  }

  @Override
  public Audience audience() {
    return Audience.of(Permission.READ);
  }

  @Override
  public View show(Visit visit) {
    boolean operator = visit.operates();
    OpenMatters matters =
        OpenMatters.read(
            new Transactions(services.admin().database()), operator ? 0 : visit.tenant().id());
    Optional<LedgerProof.Proof> proof = services.standing().proof().last();
    Listing<ProofTables.Open> open = ProofTables.open(visit, matters);
    Listing<CheckResult> rules =
        ProofTables.rules(visit, proof.map(LedgerProof.Proof::checks).orElse(List.of()), operator);
    if (Table.isExport(visit)) {
      return visit.query().text(Table.TABLE).equals(ProofTables.OPEN)
          ? open.csv("ledger-open")
          : rules.csv("ledger-rules");
    }
    return View.html(
        "money/proof.jte",
        new Model(proof, rules.table(visit, ""), open.table(visit, ""), matters, operator));
  }

  @Override
  public View act(Visit visit, FormFields form) throws ApiException {
    if (!visit.operates()) {
      throw new ApiException(
          ApiError.invalidRequest(
              403,
              "not_allowed",
              "Only whoever runs this server verifies it at once; it is done every minute or so."));
    }
    visit.call("POST", List.of("ledger", "proof"), Visit.fields());
    return View.redirect(path());
  }
}
