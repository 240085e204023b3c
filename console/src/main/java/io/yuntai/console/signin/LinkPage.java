package io.yuntai.console.signin;

import io.yuntai.console.page.Audience;
import io.yuntai.console.page.Page;
import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;
import io.yuntai.ledger.identity.SignIn.LinkAnswer;
import io.yuntai.server.auth.SignInAddress;
import io.yuntai.server.console.ConsoleServices;
import io.yuntai.server.http.FormFields;
import java.util.Optional;

/**
 * {@code /sign-in/link}: somebody who has a link says who they are and sets a password. The token
 * comes in the body of a form, never in an address.
 */
public final class LinkPage implements Page {
  private final ConsoleServices services;

  LinkPage(ConsoleServices services) {
    this.services = services;
  }

  /**
   * What its template shows.
   *
   * @param token of the link
   * @param email whose link it is; empty for the first owner, who says it
   * @param asksCode whether the second factor is asked for
   */
  public record Model(String token, String email, boolean asksCode) {}

  @Override
  public String path() {
    return SignInAddress.PATH + "/link";
  }

  @Override
  public Audience audience() {
    return Audience.ANYONE;
  }

  @Override
  public View show(Visit visit) {
    String token = visit.problem().map(problem -> problem.form().text("token")).orElse("");
    if (token.isEmpty()) {
      return View.redirect(SignInAddress.PATH);
    }
    boolean asksCode =
        visit
            .problem()
            .filter(problem -> problem.code().matches("second_factor_required|wrong_code"))
            .isPresent();
    return View.html("signin/link.jte", new Model(token, owner(token), asksCode));
  }

  private String owner(String token) {
    return services.admin().identity().links().ownerOf(token);
  }

  @Override
  public View act(Visit visit, FormFields form) {
    String token = form.text("token");
    if (form.first("password").isEmpty()) {
      return View.html("signin/link.jte", new Model(token, owner(token), false));
    }
    LinkAnswer answer =
        new LinkAnswer(
            given(form, "email"), form.text("name"), given(form, "password"), given(form, "code"));
    services
        .gate()
        .welcome(
            visit.exchange(),
            services.admin().identity().signIn().byLink(visit.visitor(), token, answer));
    return View.redirect("/console");
  }

  private static Optional<String> given(FormFields form, String name) {
    return form.first(name).filter(text -> !text.isBlank());
  }
}
