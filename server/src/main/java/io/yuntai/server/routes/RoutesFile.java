package io.yuntai.server.routes;

import io.yuntai.server.config.AlertSettings;
import io.yuntai.server.config.ObservabilitySettings;
import io.yuntai.server.config.ServerTable;
import io.yuntai.server.config.SignInSettings;
import io.yuntai.server.config.TomlFile;
import io.yuntai.server.config.TomlSection;
import io.yuntai.server.routes.Target.Destination;
import io.yuntai.server.routes.UpstreamSettings.Health;
import io.yuntai.server.routes.UpstreamSettings.Kind;
import io.yuntai.server.upstream.Credential;
import io.yuntai.server.upstream.UpstreamAddress;
import io.yuntai.server.upstream.UpstreamTimeouts;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads routes and upstreams from a TOML file; docs/routes.md has what may stand there. */
public final class RoutesFile {
  private static final int MAX_WEIGHT = 1_000_000;

  private final Path folder;
  private final Map<String, String> environment;
  private final TomlSection.Problems problems;

  private RoutesFile(Path file, Map<String, String> environment) {
    Path parent = file.toAbsolutePath().getParent();
    this.folder = parent == null ? file.toAbsolutePath() : parent;
    this.environment = environment;
    this.problems = TomlFile.problemsOf(file);
  }

  /**
   * Reads a file.
   *
   * @param environment for credentials that stand there
   * @throws RoutesFileException with all that is wrong, each with line and column
   */
  public static RouteTable read(Path file, Map<String, String> environment)
      throws RoutesFileException {
    return new RoutesFile(file, environment).parse(file);
  }

  private RouteTable parse(Path file) throws RoutesFileException {
    Optional<TomlSection> read = TomlFile.read(file, problems);
    if (read.isEmpty()) {
      throw new RoutesFileException(problems.sentences());
    }
    TomlSection root = read.get();
    Map<String, UpstreamSettings> upstreams = new LinkedHashMap<>();
    root.sections("upstreams")
        .forEach((name, section) ->
            upstream(name, section).ifPresent(upstream -> upstreams.put(name, upstream)));
    Set<String> local = root.section("local").map(RoutesFile::residencyOnly).orElse(Set.of());
    Map<String, Set<String>> keys = new LinkedHashMap<>();
    root.sections("keys").forEach((name, section) -> keys.put(name, residencyOnly(section)));
    Map<String, Route> routes = new LinkedHashMap<>();
    Set<String> named = Set.copyOf(root.sections("upstreams").keySet());
    root.sections("routes")
        .forEach(
            (name, section) -> routes.put(name, route(name, section, upstreams, named, local)));
    root.leave(ServerTable.NAME);
    root.leave(SignInSettings.TABLE);
    root.leave(AlertSettings.TABLE);
    root.leave(ObservabilitySettings.TABLE);
    root.refuseUnknown();
    refuseProblems();
    return new RouteTable(upstreams, routes, local, keys);
  }

  private void refuseProblems() throws RoutesFileException {
    if (!problems.sentences().isEmpty()) {
      throw new RoutesFileException(problems.sentences());
    }
  }

  private static Set<String> residencyOnly(TomlSection section) {
    Set<String> residency = section.tags("residency");
    section.refuseUnknown();
    return residency;
  }

  private Optional<UpstreamSettings> upstream(String name, TomlSection section) {
    Optional<Kind> kind = section.required("kind", "openai").flatMap(text -> kind(text, section));
    Optional<UpstreamAddress> address = address(section, kind);
    String version = section.text("api_version").orElse("");
    if (kind.isPresent() && kind.get() == Kind.AZURE && version.isEmpty()) {
      section.problem(
          "api_version",
          "'%s' is missing, such as api_version = \"2024-10-21\"."
              .formatted(section.nameOf("api_version")));
    }
    Credential credential = credential(section);
    UpstreamTimeouts most = UpstreamTimeouts.DEFAULTS;
    UpstreamTimeouts timeouts =
        new UpstreamTimeouts(
            section.duration("connect_timeout", most.connect()),
            section.duration("first_token_timeout", most.firstToken()),
            section.duration("idle_timeout", most.idle()),
            section.duration("total_timeout", most.total()));
    Set<String> residency = section.tags("residency");
    Breaker.Settings breaker =
        section.section("breaker").map(RoutesFile::breaker).orElse(Breaker.Settings.DEFAULTS);
    String usualPath = kind.map(Kind::probePath).orElse("");
    Optional<Health> health = section.section("health").map(probe -> health(probe, usualPath));
    section.refuseUnknown();
    return kind.isEmpty() || address.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new UpstreamSettings(
                name,
                kind.get(),
                address.get(),
                version,
                credential,
                timeouts,
                breaker,
                residency,
                health));
  }

  private static Optional<Kind> kind(String text, TomlSection section) {
    Optional<Kind> kind =
        Arrays.stream(Kind.values()).filter(k -> k.label().equals(text)).findFirst();
    if (kind.isEmpty()) {
      section.problem(
          "kind",
          "'%s' is \"%s\", but must be one of %s."
              .formatted(
                  section.nameOf("kind"),
                  text,
                  Arrays.stream(Kind.values()).map(Kind::label).collect(Collectors.joining(", "))));
    }
    return kind;
  }

  private static Optional<UpstreamAddress> address(TomlSection section, Optional<Kind> kind) {
    String common = kind.map(Kind::url).orElse("");
    Optional<String> url =
        common.isEmpty()
            ? section.required("url", "http://127.0.0.1:8000/v1")
            : Optional.of(section.text("url").orElse(common));
    try {
      return url.map(UpstreamAddress::of);
    } catch (IllegalArgumentException e) {
      section.problem("url", "'%s': %s.".formatted(section.nameOf("url"), e.getMessage()));
      return Optional.empty();
    }
  }

  private Credential credential(TomlSection section) {
    Optional<String> variable = section.text("key_env");
    Optional<String> file = section.text("key_file");
    if (variable.isPresent() && file.isPresent()) {
      section.problem(
          "key_file",
          "'%s' and '%s' exclude each other."
              .formatted(section.nameOf("key_env"), section.nameOf("key_file")));
    }
    String key = variable.isPresent() ? "key_env" : "key_file";
    try {
      if (variable.isPresent()) {
        String secret = environment.get(variable.get());
        if (secret == null || secret.isBlank()) {
          throw new IllegalArgumentException(
              "the environment variable %s is not set".formatted(variable.get()));
        }
        return Credential.of(secret.strip());
      }
      return file.isPresent() ? KeyFile.read(folder.resolve(file.get())) : Credential.NONE;
    } catch (IllegalArgumentException e) {
      section.problem(key, "'%s': %s.".formatted(section.nameOf(key), e.getMessage()));
      return Credential.NONE;
    }
  }

  private static Breaker.Settings breaker(TomlSection section) {
    Breaker.Settings defaults = Breaker.Settings.DEFAULTS;
    Breaker.Settings settings =
        new Breaker.Settings(
            section.integer("failures", 1, 10_000, defaults.failures()),
            section.duration("open", defaults.open()),
            section.duration("max_open", defaults.maxOpen()),
            section.integer("probes", 1, 1000, defaults.probes()));
    section.refuseUnknown();
    return settings;
  }

  private static Health health(TomlSection section, String usualPath) {
    String path = section.text("path").orElse(usualPath);
    if (!path.startsWith("/") || !path.chars().allMatch(c -> c > 0x20 && c < 0x7F)) {
      section.problem("path", "'%s' must begin with '/'.".formatted(section.nameOf("path")));
    }
    Health health =
        new Health(
            path,
            section.duration("every", Duration.ofSeconds(10)),
            section.duration("timeout", Duration.ofSeconds(2)));
    section.refuseUnknown();
    return health;
  }

  private Route route(
      String name,
      TomlSection section,
      Map<String, UpstreamSettings> upstreams,
      Set<String> named,
      Set<String> local) {
    List<Target> targets = new ArrayList<>();
    List<TomlSection> listed = section.list("targets");
    for (TomlSection target : listed) {
      target(target, upstreams, named, local).ifPresent(targets::add);
    }
    if (listed.isEmpty()) {
      section.problem(
          "targets",
          "the route '%s' has no targets; add [[%s]].".formatted(name, section.nameOf("targets")));
    }
    if (name.isBlank() || name.length() > 256) {
      section.problem("targets", "a route's name has 1 to 256 characters.");
    }
    Route route =
        new Route(
            name,
            targets,
            section.integer("attempts", 1, 20, 3),
            section.fraction("retry_share", 0.2),
            section.integer("retry_burst", 0, 10_000, 10));
    section.refuseUnknown();
    return route;
  }

  private Optional<Target> target(
      TomlSection section,
      Map<String, UpstreamSettings> upstreams,
      Set<String> named,
      Set<String> local) {
    Optional<String> model = section.required("model", "gpt-4.1");
    Optional<String> upstream = section.text("upstream");
    if (upstream.isPresent() && !named.contains(upstream.get())) {
      section.problem(
          "upstream",
          "'%s' is \"%s\", but there is no [upstreams.%s]."
              .formatted(section.nameOf("upstream"), upstream.get(), upstream.get()));
    }
    Set<String> own = section.tags("residency");
    Set<String> inherited =
        upstream.isEmpty()
            ? local
            : Optional.ofNullable(upstreams.get(upstream.get()))
                .map(UpstreamSettings::residency)
                .orElse(Set.of());
    int context = section.integer("context", 1, Integer.MAX_VALUE, 0);
    Optional<Price> price = section.section("price").map(RoutesFile::price);
    int weight = section.integer("weight", 1, MAX_WEIGHT, 1);
    int priority = section.integer("priority", 0, 1000, 0);
    section.refuseUnknown();
    return model.map(name ->
        new Target(
            upstream.isPresent()
                ? new Destination.Remote(upstream.get(), name)
                : new Destination.Local(name),
            weight,
            priority,
            section.has("residency") ? own : inherited,
            context == 0 ? OptionalInt.empty() : OptionalInt.of(context),
            price));
  }

  private static Price price(TomlSection section) {
    String currency = section.required("currency", "USD").orElse("");
    if (!currency.matches("[A-Z]{3}") && section.has("currency")) {
      section.problem(
          "currency", "'%s' must be three capital letters.".formatted(section.nameOf("currency")));
    }
    BigDecimal input = amount(section, "input").orElse(BigDecimal.ZERO);
    BigDecimal output = amount(section, "output").orElse(BigDecimal.ZERO);
    BigDecimal cached =
        section.has("cached_input")
            ? amount(section, "cached_input").orElse(BigDecimal.ZERO)
            : input;
    section.refuseUnknown();
    return new Price(currency, input, cached, output);
  }

  /** Exact: a text, since a number of TOML's is a binary fraction. */
  private static Optional<BigDecimal> amount(TomlSection section, String key) {
    Optional<String> text = section.required(key, "2.50");
    if (text.isPresent() && text.get().matches("\\d{1,9}(\\.\\d{1,9})?")) {
      return text.map(BigDecimal::new);
    }
    if (text.isPresent()) {
      section.problem(
          key,
          "'%s' must be a price for a million tokens such as \"2.50\"."
              .formatted(section.nameOf(key)));
    }
    return Optional.empty();
  }
}
