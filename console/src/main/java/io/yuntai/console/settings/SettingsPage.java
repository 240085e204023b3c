package io.yuntai.console.settings;

import io.yuntai.console.page.Audience;
import io.yuntai.console.page.NavigationEntry;
import io.yuntai.console.page.Page;
import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;
import io.yuntai.console.table.Cell;
import io.yuntai.console.table.Listing;
import io.yuntai.console.table.Table;
import io.yuntai.console.table.Table.Column;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.identity.Account.Standing;
import io.yuntai.ledger.identity.Identity;
import io.yuntai.ledger.identity.Session;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.server.config.SignInSettings.OidcProvider;
import io.yuntai.server.console.ConsoleServices;
import io.yuntai.server.http.FormFields;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /console/settings}: one's own account and sessions. */
public final class SettingsPage implements Page {
  static final String PATH = "/console/settings";

  private final ConsoleServices services;
  private final Identity identity;

  SettingsPage(ConsoleServices services) {
    this.services = services;
    this.identity = services.admin().identity();
  }

  /**
   * What its template shows.
   *
   * @param session the reader's
   * @param standing what the reader has
   * @param asksCurrent whether the current password is asked for when a new one is set
   * @param sessions on all devices
   * @param providers that one may sign in with
   */
  public record Model(
      Session session,
      Standing standing,
      boolean asksCurrent,
      Table sessions,
      List<OidcProvider> providers) {}

  @Override
  public String path() {
    return PATH;
  }

  @Override
  public Audience audience() {
    return Audience.PERSON;
  }

  @Override
  public Optional<NavigationEntry> navigation() {
    return Optional.of(new NavigationEntry("settings.title", 90, "settings"));
  }

  @Override
  public View show(Visit visit) {
    Session session = visit.session();
    Standing standing = identity.account().standing(session);
    Listing<Session> sessions =
        Listing.of(visit, "sessions", columns(visit), identity.sessions().of(session));
    if (sessions.isWanted(visit)) {
      return sessions.csv("sessions");
    }
    return View.html(
        "settings/settings.jte",
        new Model(
            session,
            standing,
            standing.password() && session.method() != Session.Method.LINK,
            sessions.table(visit, ""),
            services.providers().all()));
  }

  private static List<Column<Session>> columns(Visit visit) {
    Session asking = visit.session();
    return List.of(
        Column.of(
            "agent",
            visit.text("settings.sessions.agent"),
            one -> new Cell.Text(Agents.shortName(one.agent()))),
        Column.of(
            "origin", visit.text("settings.sessions.origin"), one -> new Cell.Code(one.origin())),
        Column.of(
            "method",
            visit.text("settings.sessions.method"),
            one -> new Cell.Text(visit.text("settings.method." + one.method().label()))),
        Column.of(
            "created",
            visit.text("settings.sessions.created"),
            one -> new Cell.Time(one.created())),
        Column.of("seen", visit.text("settings.sessions.seen"), one -> new Cell.Time(one.seen())),
        Column.of(
            "actions",
            visit.text("ui.actions"),
            one ->
                one.id() == asking.id()
                    ? new Cell.Text(visit.text("settings.sessions.this"))
                    : new Cell.Buttons(
                        List.of(
                            new Cell.Button(
                                visit.text("settings.sessions.end"),
                                PATH,
                                Map.of("do", "end", "session", Long.toString(one.id())),
                                "")))));
  }

  @Override
  public View act(Visit visit, FormFields form) throws ApiException {
    return switch (form.text("do")) {
      case "password" -> {
        if (!form.text("password").equals(form.text("again"))) {
          throw RefusedException.invalid("again", "The two passwords are not the same.");
        }
        services
            .gate()
            .welcome(
                visit.exchange(),
                identity
                    .account()
                    .setPassword(
                        visit.session(),
                        visit.visitor(),
                        form.first("current").filter(text -> !text.isEmpty()),
                        form.text("password")));
        yield View.redirect(PATH, visit.text("settings.password.changed"));
      }
      case "end" -> {
        String id = form.text("session");
        if (!id.matches("[0-9]{1,18}")) {
          throw RefusedException.notFound("session", id);
        }
        identity.sessions().end(visit.session(), visit.visitor(), Long.parseLong(id));
        yield View.redirect(PATH, visit.text("settings.sessions.ended"));
      }
      default ->
          throw new ApiException(
              ApiError.invalidRequest(
                  400, "bad_http_request", "This page is of another version: load it again."));
    };
  }
}
