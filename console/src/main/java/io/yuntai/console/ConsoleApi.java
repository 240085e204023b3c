package io.yuntai.console;

import io.yuntai.console.asset.Assets;
import io.yuntai.console.page.Audience;
import io.yuntai.console.page.Brands;
import io.yuntai.console.page.Endpoint;
import io.yuntai.console.page.Page;
import io.yuntai.console.page.Problem;
import io.yuntai.console.page.Surroundings;
import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;
import io.yuntai.console.text.Messages;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.server.api.Problems;
import io.yuntai.server.auth.SessionGate;
import io.yuntai.server.auth.SignInAddress;
import io.yuntai.server.console.Console;
import io.yuntai.server.console.ConsoleServices;
import io.yuntai.server.http.Exchange;
import io.yuntai.server.http.FormFields;
import io.yuntai.server.http.Resource;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The console over HTTP: which page, who may, and what becomes of refusals. */
final class ConsoleApi implements Console.Pages {
  private static final String CSRF_FIELD = "csrf";

  private final Surroundings surroundings;
  private final Paths<Page> pages;
  private final Paths<Endpoint> endpoints;
  private final PageWriter writer;
  private final List<Feature> features;

  private ConsoleApi(
      Surroundings surroundings,
      List<Page> pages,
      List<Endpoint> endpoints,
      List<Feature> features) {
    this.features = features;
    this.surroundings = surroundings;
    this.pages = new Paths<>(pages, Page::path);
    this.endpoints = new Paths<>(endpoints, Endpoint::path);
    this.writer = new PageWriter(surroundings);
  }

  static ConsoleApi of(ConsoleServices services, Brands brands, List<Feature> features) {
    List<Class<?>> owners = new ArrayList<>(List.of(ConsoleApi.class));
    List<Assets.Source> assets = new ArrayList<>(List.of(BaseAssets.SOURCE));
    List<Page> pages = new ArrayList<>();
    List<Endpoint> endpoints = new ArrayList<>();
    for (Feature feature : features) {
      owners.add(feature.getClass());
      assets.add(new Assets.Source(feature.getClass(), feature.assets()));
      pages.addAll(feature.pages());
      endpoints.addAll(feature.endpoints());
    }
    Surroundings surroundings =
        new Surroundings(services, Messages.load(owners), Assets.load(assets), brands, pages);
    return new ConsoleApi(surroundings, pages, endpoints, features);
  }

  @Override
  public void close() {
    features.forEach(Feature::close);
  }

  @Override
  public boolean owns(String path) {
    return path.equals(Console.LANDING)
        || path.startsWith(Console.LANDING + "/")
        || path.equals(SignInAddress.PATH)
        || path.startsWith(SignInAddress.PATH + "/");
  }

  @Override
  public Optional<Resource> at(String path) {
    if (path.startsWith(Assets.ROOT)) {
      return surroundings.assets().at(path).map(asset -> Resource.get(writer::asset));
    }
    Optional<Paths.Found<Endpoint>> endpoint = endpoints.find(path);
    if (endpoint.isPresent()) {
      Resource resource = Resource.empty();
      for (Endpoint one : endpoint.get().all()) {
        resource =
            resource.and(one.method(), exchange -> serve(one, endpoint.get().places(), exchange));
      }
      return Optional.of(resource);
    }
    Optional<Paths.Found<Page>> page = pages.find(path);
    return Optional.of(
        page.map(found -> resource(found.all().getFirst(), found.places()))
            .orElseGet(() -> Resource.get(this::nothing)));
  }

  private Resource resource(Page page, Map<String, String> places) {
    return Resource.get(exchange -> show(page, places, exchange))
        .and("POST", exchange -> act(page, places, exchange));
  }

  @Override
  public void begin(Exchange exchange) {
    PageWriter.secure(exchange);
  }

  @Override
  public String errorType() {
    return Problems.TYPE;
  }

  @Override
  public ErrorReply error(ApiError error, String requestId) {
    return Problems.reply(error, requestId);
  }

  private Visit visit(Exchange exchange, Map<String, String> places) throws ApiException {
    return Visit.of(surroundings, exchange, places);
  }

  private void nothing(Exchange exchange) throws ApiException, IOException {
    writer.problem(
        visit(exchange, Map.of()),
        Problem.of(
            ApiError.invalidRequest(404, "not_found", "There is no such page."), FormFields.NONE));
  }

  private void show(Page page, Map<String, String> places, Exchange exchange)
      throws ApiException, IOException, InterruptedException {
    Visit visit = visit(exchange, places);
    if (isStranger(visit, page.audience())) {
      writer.redirect(
          exchange,
          SignInAddress.PATH
              + "?to="
              + URLEncoder.encode(visit.ui().here(), StandardCharsets.UTF_8));
      return;
    }
    try {
      admit(visit, page.audience());
      writer.view(visit, Refusals.told(exchange, () -> page.show(visit)));
    } catch (ApiException refusal) {
      writer.problem(visit, Problem.of(refusal.error(), FormFields.NONE));
    }
  }

  private void act(Page page, Map<String, String> places, Exchange exchange)
      throws ApiException, IOException, InterruptedException {
    Visit visit = visit(exchange, places);
    FormFields form = FormFields.NONE;
    try {
      form = exchange.readForm();
      requireOwn(visit, form.text(CSRF_FIELD));
      if (isStranger(visit, page.audience())) {
        throw notSignedIn();
      }
      admit(visit, page.audience());
    } catch (ApiException refusal) {
      writer.problem(visit, Problem.of(refusal.error(), FormFields.NONE));
      return;
    }
    FormFields sent = form;
    try {
      writer.view(visit, Refusals.told(exchange, () -> page.act(visit, sent)));
    } catch (ApiException refusal) {
      showAgain(page, visit, Problem.of(refusal.error(), sent));
    }
  }

  /** What was refused is told on the page that it was asked on, with what was typed. */
  private void showAgain(Page page, Visit visit, Problem why)
      throws IOException, InterruptedException {
    Visit refused = visit.refused(why);
    try {
      View view = Refusals.told(visit.exchange(), () -> page.show(refused));
      writer.view(
          refused,
          view instanceof View.Html html
              ? new View.Html(why.status(), html.template(), html.model())
              : view);
    } catch (ApiException _) {
      writer.problem(visit, why);
    }
  }

  private void serve(Endpoint endpoint, Map<String, String> places, Exchange exchange)
      throws ApiException, IOException, InterruptedException {
    Visit visit = visit(exchange, places);
    exchange.header("Cache-Control", "no-store");
    if (isStranger(visit, endpoint.audience())) {
      throw notSignedIn();
    }
    if (!endpoint.method().equals("GET")) {
      requireOwn(visit, exchange.requestHeader(SessionGate.CSRF_HEADER).orElse(""));
    }
    try {
      Refusals.told(
          exchange,
          () -> {
            admit(visit, endpoint.audience());
            endpoint.handler().answer(visit, exchange);
            return endpoint;
          });
    } catch (ApiException refusal) {
      // Scripts show the sentence to who is looking.
      ApiError error = refusal.error();
      throw new ApiException(error.withMessage(visit.ui().sentence(error.message())));
    }
  }

  private static boolean isStranger(Visit visit, Audience audience) {
    return visit.somebody().isEmpty() && !(audience instanceof Audience.Anyone);
  }

  private static ApiException notSignedIn() {
    return new ApiException(
        ApiError.invalidRequest(
            401, "not_signed_in", "Nobody is signed in here, or the session has ended."));
  }

  /** Of somebody who is signed in, the session's own token; of others at least our own page. */
  private void requireOwn(Visit visit, String token) throws ApiException {
    SessionGate gate = surroundings.services().gate();
    if (visit.somebody().isPresent()) {
      gate.requireOwnChange(visit.exchange(), token);
    } else {
      gate.requireOwnPage(visit.exchange());
    }
  }

  private static void admit(Visit visit, Audience audience) throws ApiException {
    if (!visit.isOf(audience)) {
      throw new ApiException(refusal(visit, audience));
    }
  }

  private static ApiError refusal(Visit visit, Audience audience) {
    return switch (audience) {
      case Audience.Operator _ ->
          ApiError.invalidRequest(
              403, "only_operator", "Only whoever runs this server may open this.");
      case Audience.Permitted permitted ->
          ApiError.invalidRequest(
              403,
              "not_allowed",
              "Your role in the tenant %s may not open this: it needs the permission %s."
                  .formatted(
                      visit.tenantName(), permitted.permission().name().toLowerCase(Locale.ROOT)));
      case Audience.Member _ ->
          visit.session().role(visit.tenantName()) == null
              ? ApiError.invalidRequest(
                  403,
                  "not_member",
                  "You are no member of the tenant %s, and it pays for what is asked here: choose a tenant of yours."
                      .formatted(visit.tenantName()))
              : ApiError.invalidRequest(
                  403,
                  "role_not_allowed",
                  "Auditors look, and do not use models: ask an owner or admin of %s for a role."
                      .formatted(visit.tenantName()));
      case Audience.Anyone _, Audience.Person _ ->
          ApiError.invalidRequest(403, "not_allowed", "You may not open this.");
    };
  }
}
