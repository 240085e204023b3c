package io.yuntai.server.config;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The table {@code [alerts]} of a configuration file.
 *
 * @param allowsPrivate whether webhooks may go to addresses that are not the internet's
 * @param smtp where mail goes; empty for no mail
 */
public record AlertSettings(boolean allowsPrivate, Optional<Smtp> smtp) {
  /** The table's name. */
  public static final String TABLE = "alerts";

  /** Without a file. */
  public static final AlertSettings DEFAULTS = new AlertSettings(false, Optional.empty());

  /**
   * A server that takes mail.
   *
   * @param security how the connection is kept secret
   * @param user who we are there; empty for nobody
   * @param password with what we prove it; empty for nothing. Never printed
   * @param from the sender's address
   */
  public record Smtp(
      String host, int port, Security security, String user, String password, String from) {
    /** How a connection is kept secret. */
    public enum Security {
      /** It must become TLS before anything is said. */
      STARTTLS,
      /** It is TLS from the beginning. */
      TLS,
      /** Not at all: for a server on this machine. */
      NONE;

      private String label() {
        return name().toLowerCase(Locale.ROOT);
      }
    }

    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /**
   * Reads a file; one without the table says nothing.
   *
   * @param environment for secrets
   * @throws IllegalArgumentException with all that is wrong, each with line and column
   */
  public static AlertSettings read(Path file, Map<String, String> environment) {
    TomlSection.Problems problems = TomlFile.problemsOf(file);
    AlertSettings settings =
        TomlFile.read(file, problems)
            .flatMap(root -> root.section(TABLE))
            .map(section -> of(section, environment))
            .orElse(DEFAULTS);
    if (!problems.sentences().isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems.sentences()));
    }
    return settings;
  }

  private static AlertSettings of(TomlSection section, Map<String, String> environment) {
    boolean allowsPrivate = section.flag("allow_private_addresses", false);
    Optional<Smtp> smtp = section.section("smtp").flatMap(table -> smtp(table, environment));
    section.refuseUnknown();
    return new AlertSettings(allowsPrivate, smtp);
  }

  private static Optional<Smtp> smtp(TomlSection section, Map<String, String> environment) {
    Optional<String> host = section.required("host", "smtp.example.com");
    Optional<Smtp.Security> security = security(section);
    int usual = security.filter(kind -> kind == Smtp.Security.TLS).isPresent() ? 465 : 587;
    int port = section.integer("port", 1, 65_535, usual);
    String user = section.text("user").orElse("");
    Optional<String> variable = section.text("password_env");
    String password = variable.map(name -> environment.getOrDefault(name, "")).orElse("");
    if (variable.isPresent() && password.isEmpty()) {
      section.problem(
          "password_env",
          "'%s': the environment variable %s is not set."
              .formatted(section.nameOf("password_env"), variable.get()));
    }
    Optional<String> from = section.required("from", "yuntai@example.com");
    if (from.isPresent() && !from.get().matches("[!-?A-~]+@[!-?A-~]+")) {
      section.problem(
          "from",
          "'%s' is \"%s\", which is no e-mail address."
              .formatted(section.nameOf("from"), from.get()));
    }
    section.refuseUnknown();
    return host.isEmpty() || from.isEmpty() || security.isEmpty()
        ? Optional.empty()
        : Optional.of(new Smtp(host.get(), port, security.get(), user, password, from.get()));
  }

  private static Optional<Smtp.Security> security(TomlSection section) {
    String text = section.text("security").orElse(Smtp.Security.STARTTLS.label());
    Optional<Smtp.Security> security =
        Arrays.stream(Smtp.Security.values()).filter(s -> s.label().equals(text)).findFirst();
    if (security.isEmpty()) {
      section.problem(
          "security",
          "'%s' is \"%s\", but must be one of %s."
              .formatted(
                  section.nameOf("security"),
                  text,
                  Arrays.stream(Smtp.Security.values())
                      .map(Smtp.Security::label)
                      .collect(Collectors.joining(", "))));
    }
    return security;
  }
}
