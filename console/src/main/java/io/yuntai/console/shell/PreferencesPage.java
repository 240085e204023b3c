package io.yuntai.console.shell;

import io.yuntai.console.page.Audience;
import io.yuntai.console.page.LocalAddress;
import io.yuntai.console.page.Page;
import io.yuntai.console.page.Preferences;
import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;
import io.yuntai.console.text.Language;
import io.yuntai.server.http.FormFields;

/** Takes what somebody chose in a page's head: language, theme, tenant. */
final class PreferencesPage implements Page {
  @Override
  public String path() {
    return "/console/preferences";
  }

  @Override
  public Audience audience() {
    return Audience.ANYONE;
  }

  @Override
  public View show(Visit visit) {
    return View.redirect("/console");
  }

  @Override
  public View act(Visit visit, FormFields form) {
    form.first("language")
        .flatMap(Language::of)
        .ifPresent(language -> visit.remember(Preferences.LANGUAGE, language.code()));
    form.first("theme")
        .filter(theme -> theme.matches("light|dark|system"))
        .ifPresent(theme -> visit.remember(Preferences.THEME, theme));
    form.first("tenant")
        .filter(tenant -> tenant.length() <= 100)
        .ifPresent(tenant -> visit.remember(Preferences.TENANT, tenant));
    return View.redirect(LocalAddress.of(form.text("to"), "/console"));
  }
}
