package io.yuntai.console.page;

import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.identity.Session;
import io.yuntai.ledger.identity.Visitor;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.tenancy.Role;
import io.yuntai.server.admin.AdminCaller;
import io.yuntai.server.admin.AdminCalls;
import io.yuntai.server.http.Exchange;
import io.yuntai.server.http.FormFields;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** One request of somebody for a page. */
public final class Visit {
  private final Surroundings surroundings;
  private final Exchange exchange;
  private final FormFields query;
  private final Map<String, String> places;
  private final Optional<Session> session;
  private final Preferences preferences;
  private final Optional<Problem> problem;
  private final Ui ui;
  private @Nullable Organisation tenant;

  Visit(
      Surroundings surroundings,
      Exchange exchange,
      FormFields query,
      Map<String, String> places,
      Optional<Session> session,
      Preferences preferences,
      Optional<Problem> problem) {
    this.surroundings = surroundings;
    this.exchange = exchange;
    this.query = query;
    this.places = Map.copyOf(places);
    this.session = session;
    this.preferences = preferences;
    this.problem = problem;
    this.ui = new Ui(surroundings, this);
  }

  /**
   * A request.
   *
   * @param places what stands in the path's places
   * @throws ApiException 400 when its query can't be read
   */
  public static Visit of(Surroundings surroundings, Exchange exchange, Map<String, String> places)
      throws ApiException {
    return new Visit(
        surroundings,
        exchange,
        exchange.query(),
        places,
        surroundings.services().gate().session(exchange),
        Preferences.of(exchange),
        Optional.empty());
  }

  /** The same, to show why something was refused. */
  public Visit refused(Problem why) {
    return new Visit(surroundings, exchange, query, places, session, preferences, Optional.of(why));
  }

  /** For headers and cookies. */
  public Exchange exchange() {
    return exchange;
  }

  /** What the query says. */
  public FormFields query() {
    return query;
  }

  /** What stands in a place of the path, decoded; empty for none. */
  public String place(String name) {
    return places.getOrDefault(name, "");
  }

  /** How the person wants to see it. */
  public Preferences preferences() {
    return preferences;
  }

  /** Why what was sent before this page was refused. */
  public Optional<Problem> problem() {
    return problem;
  }

  /** What templates have at hand. */
  public Ui ui() {
    return ui;
  }

  /** A text in the person's language. */
  public String text(String key, Object... values) {
    return ui.text(key, values);
  }

  /** Who is signed in; empty for nobody. */
  public Optional<Session> somebody() {
    return session;
  }

  /**
   * Whether the person is still signed in with the same roles; for what goes on for long. Asks the
   * database.
   */
  public boolean stands() {
    return session.isEmpty() || surroundings.services().gate().stands(exchange, session.get());
  }

  /** Who is signed in, on a page that only such people open. */
  public Session session() {
    return session.orElseThrow();
  }

  /** Who comes, as sign-in sees it. */
  public Visitor visitor() {
    return surroundings.services().gate().visitor(exchange);
  }

  /** The person, for checks of rights. */
  public AdminCaller caller() {
    return AdminCaller.of(session(), exchange.clientAddress().getHostAddress());
  }

  /** Whether the person runs this server. */
  public boolean operates() {
    return session.isPresent() && session.get().operates();
  }

  /** Whether the person may do something in the tenant that is looked at. */
  public boolean may(Permission permission) {
    return session.isPresent() && caller().may(permission, tenantName());
  }

  /** Whether the person belongs to an audience. */
  public boolean isOf(Audience audience) {
    return switch (audience) {
      case Audience.Anyone _ -> true;
      case Audience.Person _ -> session.isPresent();
      case Audience.Member _ -> session.isPresent() && usesModels(session.get());
      case Audience.Permitted(Permission permission) -> may(permission);
      case Audience.Operator _ -> operates();
    };
  }

  private boolean usesModels(Session person) {
    Role role = person.role(tenantName());
    return role != null && role.asksModels();
  }

  /**
   * The name of the tenant that is looked at: the path's, else the query's, else the one that was
   * looked at last, else one of the person's own.
   */
  public String tenantName() {
    String named = places.getOrDefault("tenant", query.text("tenant"));
    if (!named.isEmpty()) {
      return named;
    }
    Session person = session();
    String last = preferences.tenant();
    if (person.roles().containsKey(last)
        || (person.operates() && surroundings.tenantExists(last))) {
      return last;
    }
    return person.operates()
        ? Organisation.DEFAULT
        : person.roles().keySet().stream().sorted().findFirst().orElse(Organisation.DEFAULT);
  }

  /**
   * The tenant that is looked at.
   *
   * @throws RefusedException when it is not there for this person
   */
  public Organisation tenant() {
    Organisation found = tenant;
    if (found == null) {
      found =
          caller().tenant(surroundings.services().admin().tenancy().organisations(), tenantName());
      tenant = found;
    }
    return found;
  }

  /** A new JSON object, for {@link #call}. */
  public static ObjectNode fields() {
    return JsonNodeFactory.instance.objectNode();
  }

  /**
   * Does something as {@code /admin/v1} does it: with its checks, its rights and its audit log.
   *
   * @param method of HTTP
   * @param segments of the path below {@code /admin/v1}, not encoded
   * @param body its fields; of none where it has none
   * @throws RefusedException when it is refused
   * @throws ApiException for what is wrong with the fields
   */
  public JsonNode call(String method, List<String> segments, ObjectNode body) throws ApiException {
    return surroundings
        .services()
        .calls()
        .call(caller(), method, AdminCalls.path(segments), Map.of(), "", body);
  }

  /** Gives the browser something to remember for a year. */
  public void remember(String cookie, String value) {
    surroundings.setCookie(exchange, cookie, value, java.time.Duration.ofDays(365));
  }
}
