package io.yuntai.console.page;

import io.yuntai.console.text.Formats;
import io.yuntai.console.text.Language;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.PageRequest;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.server.http.FormFields;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What every template has at hand: texts, formats, addresses, and who is looking. */
public final class Ui {
  private static final int MOST_TENANTS_IN_SWITCH = 200;

  private final Surroundings surroundings;
  private final Visit visit;
  private final Formats formats;
  private final Instant now;
  private @Nullable List<String> tenants;
  private @Nullable Brand brand;

  Ui(Surroundings surroundings, Visit visit) {
    this.surroundings = surroundings;
    this.visit = visit;
    this.formats = new Formats(visit.preferences().language(), visit.preferences().zone());
    this.now = surroundings.services().clock().instant();
  }

  /** The visit that is answered. */
  public Visit visit() {
    return visit;
  }

  /** A text in the person's language. */
  public String text(String key, Object... values) {
    return surroundings.messages().text(formats.language(), key, values);
  }

  /** A text whose key is made of a name that may not have one: the name itself then. */
  public String textOr(String key, String name) {
    return surroundings.messages().has(key) ? text(key) : name;
  }

  /** A sentence that the program says in English, such as why it refuses something. */
  public String sentence(String english) {
    return surroundings.messages().sentence(formats.language(), english);
  }

  /** The language of that sentence, where it is not the page's: for who hears the page. */
  public @Nullable String sentenceLanguage(String english) {
    boolean stays = formats.language() != Language.EN && sentence(english).equals(english);
    return stays ? Language.EN.tag() : null;
  }

  /** Numbers, money and times. */
  public Formats formats() {
    return formats;
  }

  /** The person's language. */
  public Language language() {
    return formats.language();
  }

  /** {@code light}, {@code dark} or {@code system}. */
  public String theme() {
    return visit.preferences().theme();
  }

  /** The server's time, which ages are told by. */
  public Instant now() {
    return now;
  }

  /** How long ago something was, or how far ahead it is, in the largest unit that fits. */
  public String age(Instant then) {
    Duration gone = Duration.between(then, now);
    boolean past = !gone.isNegative();
    long seconds = gone.abs().toSeconds();
    if (seconds < 1) {
      return text("ui.age.now");
    }
    String unit;
    long number;
    if (seconds < 60) {
      unit = "s";
      number = seconds;
    } else if (seconds < 3600) {
      unit = "min";
      number = seconds / 60;
    } else if (seconds < 2 * 86_400) {
      unit = "h";
      number = seconds / 3600;
    } else {
      unit = "d";
      number = seconds / 86_400;
    }
    return text("ui.age." + (past ? "past." : "ahead.") + unit, formats.count(number));
  }

  /** The address of a file that pages load. */
  public String asset(String name) {
    return surroundings.assets().path(name);
  }

  /** The token that forms send as {@code csrf}. */
  public String csrf() {
    return surroundings
        .services()
        .gate()
        .maskedCsrf(visit.exchange(), surroundings.services().random());
  }

  /** This page's own path. */
  public String path() {
    return visit.exchange().path();
  }

  /** This page's own address with its query. */
  public String here() {
    return address(visit.query());
  }

  /** This page with one parameter of its query changed; gone where the value is empty. */
  public String link(String name, String value) {
    return address(visit.query().with("cursor", "").with(name, value));
  }

  /** This page with another query. */
  public String link(FormFields query) {
    return address(query);
  }

  private String address(FormFields query) {
    String text = query.encoded();
    return text.isEmpty() ? path() : path() + "?" + text;
  }

  /** What was sent last for a field of a form that was refused; else what stands there now. */
  public String typed(String field, String now) {
    return visit.problem().flatMap(problem -> problem.form().first(field)).orElse(now);
  }

  /** Whether a form was refused because of this field. */
  public boolean isAtFault(String field) {
    return visit.problem().filter(problem -> problem.field().equals(field)).isPresent();
  }

  /** Why what was sent before was refused. */
  public Optional<Problem> problem() {
    return visit.problem();
  }

  /** What the page before wants told once; empty for nothing. */
  public String notice() {
    return visit.preferences().notice();
  }

  /** Whether the person may do something in the tenant that is looked at. */
  public boolean may(Permission permission) {
    return visit.may(permission);
  }

  /** A page in the navigation. */
  public record Entry(String path, String title, String icon, boolean current) {}

  /** The pages that this person may open. */
  public List<Entry> navigation() {
    List<Entry> entries = new ArrayList<>();
    for (Page page : surroundings.pages()) {
      Optional<NavigationEntry> entry = page.navigation();
      if (entry.isPresent() && visit.somebody().isPresent() && visit.isOf(page.audience())) {
        entries.add(
            new Entry(
                page.path(),
                text(entry.get().key()),
                entry.get().icon(),
                path().equals(page.path()) || path().startsWith(page.path() + "/")));
      }
    }
    return entries;
  }

  /** The names of the tenants that the person may look at; of very many the first. */
  public List<String> tenants() {
    List<String> known = tenants;
    if (known == null) {
      known = readTenants();
      tenants = known;
    }
    return known;
  }

  private List<String> readTenants() {
    if (visit.operates()) {
      return surroundings
          .services()
          .admin()
          .tenancy()
          .organisations()
          .list(PageRequest.first(MOST_TENANTS_IN_SWITCH))
          .items()
          .stream()
          .map(Organisation::name)
          .toList();
    }
    return visit
        .somebody()
        .map(person -> person.roles().keySet().stream().sorted().toList())
        .orElse(List.of());
  }

  /** The tenant that is looked at; empty where nobody is signed in. */
  public String tenant() {
    return visit.somebody().isPresent() ? visit.tenantName() : "";
  }

  /** How the console is called here. */
  public Brand brand() {
    Brand known = brand;
    if (known == null) {
      known = surroundings.brands().of(tenant());
      brand = known;
    }
    return known;
  }

  /** What the person is called. */
  public String person() {
    return visit
        .somebody()
        .map(person -> person.name().isEmpty() ? person.email() : person.name())
        .orElse("");
  }
}
