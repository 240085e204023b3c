package io.yuntai.console.settings;

import io.yuntai.console.page.Audience;
import io.yuntai.console.page.Page;
import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.identity.Account;
import io.yuntai.ledger.identity.Account.FactorOffer;
import io.yuntai.ledger.identity.Account.Standing;
import io.yuntai.server.console.ConsoleServices;
import io.yuntai.server.http.FormFields;
import java.util.List;
import java.util.Optional;

/** {@code /console/settings/second-factor}: adding, renewing and removing it. */
public final class FactorPage implements Page {
  static final String PATH = SettingsPage.PATH + "/second-factor";

  private final Account account;

  FactorPage(ConsoleServices services) {
    this.account = services.admin().identity().account();
  }

  /**
   * What its template shows.
   *
   * @param standing what the reader has
   * @param secret of the offer under way, for typing; empty for none
   * @param uri the same for an app on this device
   * @param codes for recovery, made just now; empty for none
   */
  public record Model(Standing standing, String secret, String uri, List<String> codes) {
    /** The address as a QR code; empty where it is too long for one. */
    public Optional<QrCode> picture() {
      return uri.isEmpty() ? Optional.empty() : QrCode.of(uri);
    }
  }

  @Override
  public String path() {
    return PATH;
  }

  @Override
  public Audience audience() {
    return Audience.PERSON;
  }

  /**
   * After a wrong code the offer that was typed from is shown again: a new one would not fit it.
   */
  @Override
  public View show(Visit visit) {
    FormFields typed = visit.problem().map(problem -> problem.form()).orElse(FormFields.NONE);
    return page(
        new Model(
            account.standing(visit.session()), typed.text("secret"), typed.text("uri"), List.of()));
  }

  private static View page(Model model) {
    return View.html("settings/factor.jte", model);
  }

  @Override
  public View act(Visit visit, FormFields form) throws ApiException {
    String code = form.text("code").strip();
    return switch (form.text("do")) {
      case "offer" -> {
        FactorOffer offer = account.offerFactor(visit.session());
        yield page(
            new Model(account.standing(visit.session()), offer.secret(), offer.uri(), List.of()));
      }
      case "confirm" -> codes(visit, account.confirmFactor(visit.session(), visit.visitor(), code));
      case "codes" ->
          codes(visit, account.newRecoveryCodes(visit.session(), visit.visitor(), code));
      case "remove" -> {
        account.removeFactor(visit.session(), visit.visitor(), code);
        yield View.redirect(SettingsPage.PATH, visit.text("settings.factor.removed"));
      }
      default ->
          throw new ApiException(
              ApiError.invalidRequest(
                  400, "bad_http_request", "This page is of another version: load it again."));
    };
  }

  private View codes(Visit visit, List<String> codes) {
    return page(new Model(account.standing(visit.session()), "", "", codes));
  }
}
