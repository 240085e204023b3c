package io.yuntai.console.develop;

import io.yuntai.console.develop.Snippets.Question;
import io.yuntai.console.live.LiveStreams;
import io.yuntai.console.page.Audience;
import io.yuntai.console.page.NavigationEntry;
import io.yuntai.console.page.Page;
import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;
import io.yuntai.console.requests.RequestColumns;
import io.yuntai.console.table.Listing;
import io.yuntai.console.table.Table;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.keys.ApiKey;
import io.yuntai.ledger.requests.RequestFilter;
import io.yuntai.ledger.requests.RequestLog;
import io.yuntai.ledger.requests.RequestRow;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.PageRequest;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.ledger.tenancy.Project;
import io.yuntai.server.clients.Client;
import io.yuntai.server.clients.Clients;
import io.yuntai.server.clients.Endpoint;
import io.yuntai.server.clients.Setting;
import io.yuntai.server.console.ConsoleServices;
import io.yuntai.server.gateway.HostedModel;
import io.yuntai.server.http.FormFields;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** {@code /console/develop}. */
public final class DevelopPage implements Page {
  static final String PATH = "/console/develop";
  static final String LIVE = "/console/develop-live";
  static final String RUN_KEY = "/console/develop-run-key";
  private static final String REQUESTS = "last-requests";
  private static final int MOST_PROJECTS = 1_000;
  private static final int LAST_REQUESTS = 5;
  private static final Duration RECENT = Duration.ofHours(1);
  private static final int TOKENS = 128;
  private static final int LONGEST_PROMPT = 4_000;

  private final ConsoleServices services;
  private final Snippets snippets = new Snippets();

  DevelopPage(ConsoleServices services) {
    this.services = services;
  }

  /**
   * What its template shows.
   *
   * @param state of what is followed
   * @param made a key that was made just now; its text is here this once
   * @param body what the request sends
   * @param requests the last ones of the tenant
   * @param recipe of the client that is looked at
   */
  public record Model(
      String state,
      Organisation org,
      Table keys,
      boolean allKeys,
      Optional<KeyForms.Made> made,
      List<String> projects,
      List<String> models,
      Dialect dialect,
      ProgramLanguage language,
      Question question,
      String code,
      String body,
      Table requests,
      List<Client> clients,
      Optional<Recipe> recipe,
      boolean mayKeys,
      boolean mayBudget) {}

  /** How a client is pointed here. */
  public record Recipe(Client client, List<Step> steps) {}

  /** A file of a client's settings. */
  public record Step(String file, String text) {}

  @Override
  public String path() {
    return PATH;
  }

  @Override
  public Audience audience() {
    return Audience.of(Permission.READ);
  }

  @Override
  public Optional<NavigationEntry> navigation() {
    return Optional.of(new NavigationEntry("develop.title", 50, "develop"));
  }

  @Override
  public View show(Visit visit) throws ApiException {
    if (Table.isExport(visit)) {
      return visit.query().text(Table.TABLE).equals(REQUESTS)
          ? requests(visit).csv(REQUESTS)
          : keys(visit).csv("keys-" + visit.tenantName());
    }
    return show(visit, Optional.empty());
  }

  private View show(Visit visit, Optional<KeyForms.Made> made) {
    Organisation org = visit.tenant();
    FormFields query = visit.query();
    List<String> models = models();
    String model = query.text("model").isEmpty() ? first(models) : query.text("model");
    String prompt =
        query.text("prompt").isBlank() ? visit.text("develop.prompt.usual") : query.text("prompt");
    Question question =
        new Question(
            url(visit),
            model,
            prompt.substring(0, Math.min(LONGEST_PROMPT, prompt.length())),
            query.text("tokens").matches("[1-9][0-9]{0,4}")
                ? Integer.parseInt(query.text("tokens"))
                : TOKENS);
    Dialect dialect = Dialect.of(query.text("api"));
    ProgramLanguage language = ProgramLanguage.of(query.text("language"));
    return View.html(
        "develop/develop.jte",
        new Model(
            LiveStreams.state(live(visit)),
            org,
            keys(visit).table(visit, visit.text("develop.keys.none")),
            allKeys(visit),
            made,
            services
                .admin()
                .tenancy()
                .projects()
                .list(org, PageRequest.first(MOST_PROJECTS))
                .items()
                .stream()
                .map(Project::name)
                .toList(),
            models,
            dialect,
            language,
            question,
            snippets.code(dialect, language, question),
            Snippets.body(dialect, question).toString(),
            requests(visit).table(visit, visit.text("develop.last.none")),
            Clients.all(),
            Clients.find(query.text("client")).map(client -> recipe(client, question)),
            visit.may(Permission.KEYS),
            visit.may(Permission.BUDGETS)));
  }

  private Listing<ApiKey> keys(Visit visit) {
    return KeyTable.of(
        visit, services.admin().keys(), visit.tenant(), allKeys(visit), services.clock().instant());
  }

  private static boolean allKeys(Visit visit) {
    return visit.query().text("keys").equals("all");
  }

  private static String first(List<String> models) {
    return models.isEmpty() ? "" : models.getFirst();
  }

  /** What requests may name for chat. */
  private List<String> models() {
    TreeSet<String> names = new TreeSet<>();
    services.models().all().stream().map(HostedModel::name).forEach(names::add);
    services.shelf().list().stream()
        .filter(model -> model.kind().equals("route"))
        .forEach(model -> names.add(model.name()));
    return new ArrayList<>(names);
  }

  /** Where this very page was reached is where programs reach the server. */
  private String url(Visit visit) {
    return services.gate().base(visit.exchange()).toString();
  }

  private Listing<RequestRow> requests(Visit visit) {
    List<RequestRow> last = last(visit.tenant());
    return Listing.of(
        REQUESTS,
        RequestColumns.of(visit, false),
        _ -> new io.yuntai.ledger.tenancy.Page<>(last, Optional.empty()));
  }

  private List<RequestRow> last(Organisation org) {
    Instant now = services.clock().instant();
    return new RequestLog(new Transactions(services.admin().database()))
        .of(
            org,
            RequestFilter.between(now.minus(RECENT), now.plusSeconds(60)),
            PageRequest.first(LAST_REQUESTS))
        .items();
  }

  LiveStreams.Now live(Visit visit) {
    StringBuilder state = new StringBuilder();
    for (RequestRow row : last(visit.tenant())) {
      state.append(row.request().requestId()).append(row.entry()).append(row.amount());
    }
    return new LiveStreams.Now(Map.of(), Map.of("develop-requests", state.toString()));
  }

  private static Recipe recipe(Client client, Question question) {
    List<Step> steps = new ArrayList<>();
    Path home = Path.of("~");
    for (Setting setting :
        client
            .settings()
            .of(
                new Endpoint(question.url(), Endpoint.KEY_PLACEHOLDER, question.model()),
                new Client.Folders(home, Path.of(".")))) {
      steps.add(
          switch (setting) {
            case Setting.Variables variables ->
                new Step(variables.file().toString(), variables.text());
            case Setting.File file -> new Step(file.file().toString(), file.text());
            case Setting.Sample sample -> new Step(sample.name(), sample.text());
          });
    }
    return new Recipe(client, steps);
  }

  @Override
  public View act(Visit visit, FormFields form) throws ApiException {
    Organisation org = visit.tenant();
    return switch (form.text("do")) {
      case "create" ->
          show(visit, Optional.of(KeyForms.create(visit, org, form, services.clock().instant())));
      case "rotate" -> show(visit, Optional.of(KeyForms.rotate(visit, org, form)));
      case "revoke" -> {
        KeyForms.revoke(visit, org, form);
        yield View.redirect(PATH + "?tenant=" + org.name(), visit.text("develop.key.gone"));
      }
      default -> View.redirect(PATH + "?tenant=" + org.name());
    };
  }
}
