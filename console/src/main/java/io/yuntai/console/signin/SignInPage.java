package io.yuntai.console.signin;

import io.yuntai.console.page.Audience;
import io.yuntai.console.page.LocalAddress;
import io.yuntai.console.page.Page;
import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;
import io.yuntai.ledger.identity.OpenedSession;
import io.yuntai.server.auth.SignInAddress;
import io.yuntai.server.config.SignInSettings.OidcProvider;
import io.yuntai.server.console.ConsoleServices;
import io.yuntai.server.http.FormFields;
import java.util.List;
import java.util.Optional;

/**
 * {@code /sign-in}: by password or by an identity provider; who comes with a link's token behind
 * the {@code #} is sent on by the page's script, which alone sees it.
 */
public final class SignInPage implements Page {
  private final ConsoleServices services;

  SignInPage(ConsoleServices services) {
    this.services = services;
  }

  /**
   * What its template shows.
   *
   * @param to where the person wanted to go
   * @param providers that one may sign in with
   * @param asksCode whether the second factor is asked for
   * @param failed why an identity provider sent the person back; empty for none
   */
  public record Model(String to, List<OidcProvider> providers, boolean asksCode, String failed) {}

  @Override
  public String path() {
    return SignInAddress.PATH;
  }

  @Override
  public Audience audience() {
    return Audience.ANYONE;
  }

  @Override
  public View show(Visit visit) {
    String to = LocalAddress.of(visit.query().text("to"), "/console");
    if (visit.somebody().isPresent() && visit.problem().isEmpty()) {
      return View.redirect(to);
    }
    boolean asksCode =
        visit
            .problem()
            .filter(problem -> problem.code().matches("second_factor_required|wrong_code"))
            .isPresent();
    return View.html(
        "signin/sign-in.jte",
        new Model(
            to,
            services.providers().all(),
            asksCode,
            visit.query().first("error").filter(code -> code.matches("[a-z_]{1,40}")).orElse("")));
  }

  @Override
  public View act(Visit visit, FormFields form) {
    Optional<String> code = form.first("code").map(String::strip).filter(text -> !text.isEmpty());
    OpenedSession opened =
        services
            .admin()
            .identity()
            .signIn()
            .byPassword(visit.visitor(), form.text("email"), form.text("password"), code);
    services.gate().welcome(visit.exchange(), opened);
    return View.redirect(LocalAddress.of(form.text("to"), "/console"));
  }
}
