package io.yuntai.server.config;

import io.yuntai.ledger.identity.SessionLimits;
import io.yuntai.ledger.identity.SignIn.Joining;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.tenancy.Role;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The table {@code [sign_in]} of a configuration file.
 *
 * @param publicUrl where browsers find this server, without a path; empty for where they say they
 *     are
 * @param limits of sessions
 * @param providers of identities, by name, in the file's order
 */
public record SignInSettings(
    Optional<URI> publicUrl, SessionLimits limits, List<OidcProvider> providers) {
  /** The table's name. */
  public static final String TABLE = "sign_in";

  /** Without a file. */
  public static final SignInSettings DEFAULTS =
      new SignInSettings(Optional.empty(), SessionLimits.DEFAULTS, List.of());

  private static final Duration MOST = Duration.ofDays(90);

  /** Copies the list. */
  public SignInSettings {
    providers = List.copyOf(providers);
  }

  /**
   * A server that tells who somebody is, by OpenID Connect.
   *
   * @param name in URLs
   * @param title for people
   * @param issuer its URL, below which its configuration lies
   * @param clientId who we are there
   * @param clientSecret with what we prove it; empty for none. Never printed
   * @param trustsEmail whether addresses count that it doesn't call verified
   * @param domains of addresses that it may speak for; empty for all
   * @param joining what becomes of those whom nobody has added; empty where they are not let in
   */
  public record OidcProvider(
      String name,
      String title,
      URI issuer,
      String clientId,
      Optional<String> clientSecret,
      boolean trustsEmail,
      List<String> domains,
      Optional<Joining> joining) {
    /** Copies the list. */
    public OidcProvider {
      domains = List.copyOf(domains);
    }

    /** Whether it may speak for an address. */
    public boolean speaksFor(String email) {
      String domain = email.substring(email.indexOf('@') + 1).toLowerCase(Locale.ROOT);
      return domains.isEmpty() || domains.contains(domain);
    }

    @Override
    public String toString() {
      return "the provider " + name;
    }
  }

  /**
   * Reads a file; one without the table says nothing.
   *
   * @param environment for secrets
   * @throws IllegalArgumentException with all that is wrong, each with line and column
   */
  public static SignInSettings read(Path file, Map<String, String> environment) {
    TomlSection.Problems problems = TomlFile.problemsOf(file);
    SignInSettings settings =
        TomlFile.read(file, problems)
            .flatMap(root -> root.section(TABLE))
            .map(section -> of(section, environment))
            .orElse(DEFAULTS);
    if (!problems.sentences().isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems.sentences()));
    }
    return settings;
  }

  private static SignInSettings of(TomlSection section, Map<String, String> environment) {
    Duration idle = section.duration("idle", SessionLimits.DEFAULTS.idle(), MOST);
    Duration most = section.duration("lifetime", SessionLimits.DEFAULTS.most(), MOST);
    if (idle.compareTo(most) > 0) {
      section.problem("idle", "'sign_in.idle' must not be longer than 'sign_in.lifetime'.");
      idle = most;
    }
    List<OidcProvider> providers = new ArrayList<>();
    section
        .sections("oidc")
        .forEach(
            (name, provider) -> provider(name, provider, environment).ifPresent(providers::add));
    Optional<URI> publicUrl =
        section.text("public_url").flatMap(text -> url(section, "public_url", text));
    section.refuseUnknown();
    return new SignInSettings(publicUrl, new SessionLimits(idle, most), providers);
  }

  private static Optional<URI> url(TomlSection section, String key, String text) {
    String plain = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    if (plain.matches("https?://[A-Za-z0-9.\\[\\]:_-]+")) {
      return Optional.of(URI.create(plain));
    }
    section.problem(
        key,
        "'%s' is \"%s\", but must be an address without a path, such as https://ai.example.com."
            .formatted(section.nameOf(key), text));
    return Optional.empty();
  }

  private static Optional<OidcProvider> provider(
      String name, TomlSection section, Map<String, String> environment) {
    Optional<URI> issuer =
        section.required("issuer", "https://id.example.com").flatMap(text -> issuer(section, text));
    Optional<String> clientId = section.required("client_id", "yuntai");
    Optional<String> secret =
        section.text("client_secret_env").flatMap(key -> secret(section, key, environment));
    String title = section.text("title").orElse(name);
    boolean trustsEmail = section.flag("trust_email", false);
    List<String> domains = section.texts("domains");
    Optional<Joining> joining = section.section("join").flatMap(SignInSettings::joining);
    if (!name.matches("[a-z0-9-]{1,32}")) {
      section.problem("issuer", "a provider's name has 1 to 32 of a-z, 0-9 and '-'.");
    }
    if (joining.isPresent() && domains.isEmpty()) {
      section.problem(
          "join",
          "'%s' lets strangers in: say which, such as domains = [\"example.com\"]."
              .formatted(section.nameOf("join")));
    }
    section.refuseUnknown();
    return issuer.isEmpty() || clientId.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new OidcProvider(
                name,
                title,
                issuer.get(),
                clientId.get(),
                secret,
                trustsEmail,
                domains.stream().map(domain -> domain.toLowerCase(Locale.ROOT)).toList(),
                joining));
  }

  /** Without encryption only on this machine. */
  private static Optional<URI> issuer(TomlSection section, String text) {
    if (text.matches("https://[^\\s?#]+|http://(?:127\\.0\\.0\\.1|localhost|\\[::1])[^\\s?#]*")) {
      try {
        return Optional.of(URI.create(text));
      } catch (IllegalArgumentException e) {
        // Said below.
      }
    }
    section.problem(
        "issuer",
        "'%s' is \"%s\", but must begin with https://.".formatted(section.nameOf("issuer"), text));
    return Optional.empty();
  }

  private static Optional<String> secret(
      TomlSection section, String variable, Map<String, String> environment) {
    String secret = environment.getOrDefault(variable, "").strip();
    if (secret.isEmpty()) {
      section.problem(
          "client_secret_env",
          "'%s': the environment variable %s is not set."
              .formatted(section.nameOf("client_secret_env"), variable));
      return Optional.empty();
    }
    return Optional.of(secret);
  }

  private static Optional<Joining> joining(TomlSection section) {
    Optional<String> tenant = section.required("tenant", "acme");
    String role = section.text("role").orElse(Role.DEVELOPER.label());
    section.refuseUnknown();
    try {
      Role wanted = Role.of(role);
      if (wanted == Role.OWNER) {
        section.problem("role", "nobody becomes an owner by joining: owners make owners.");
        return Optional.empty();
      }
      return tenant.map(name -> new Joining(name, wanted));
    } catch (RefusedException e) {
      section.problem("role", e.sentence());
      return Optional.empty();
    }
  }
}
