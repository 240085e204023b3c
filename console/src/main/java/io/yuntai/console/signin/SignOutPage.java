package io.yuntai.console.signin;

import io.yuntai.console.page.Audience;
import io.yuntai.console.page.Page;
import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;
import io.yuntai.server.auth.SignInAddress;
import io.yuntai.server.console.ConsoleServices;
import io.yuntai.server.http.FormFields;

/** Takes the button that signs out. */
final class SignOutPage implements Page {
  private final ConsoleServices services;

  SignOutPage(ConsoleServices services) {
    this.services = services;
  }

  @Override
  public String path() {
    return SignInAddress.PATH + "/out";
  }

  @Override
  public Audience audience() {
    return Audience.ANYONE;
  }

  @Override
  public View show(Visit visit) {
    return View.redirect(SignInAddress.PATH);
  }

  @Override
  public View act(Visit visit, FormFields form) {
    visit
        .somebody()
        .ifPresent(session -> services.admin().identity().sessions().end(session, visit.visitor()));
    services.gate().farewell(visit.exchange());
    return View.redirect(SignInAddress.PATH, visit.text("signin.out"));
  }
}
