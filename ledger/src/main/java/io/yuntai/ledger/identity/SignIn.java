package io.yuntai.ledger.identity;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.identity.Credentials.Stored;
import io.yuntai.ledger.identity.Guesses.Subject;
import io.yuntai.ledger.identity.Session.Method;
import io.yuntai.ledger.identity.SignInException.Reason;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.tenancy.AuditLog;
import io.yuntai.ledger.tenancy.ExpectedVersion;
import io.yuntai.ledger.tenancy.Member;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.tenancy.Role;
import io.yuntai.ledger.tenancy.Tenancy;
import io.yuntai.ledger.tenancy.Texts;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ways in. Safe for use by many threads. */
public final class SignIn {
  private static final Logger LOG = LoggerFactory.getLogger(SignIn.class);

  private final Transactions database;
  private final Tenancy tenancy;
  private final Credentials credentials;
  private final PasswordHashes hashes;
  private final SignInLinks links;
  private final Sessions sessions;
  private final Guesses guesses;
  private final InstantSource clock;

  SignIn(
      Transactions database,
      Credentials credentials,
      PasswordHashes hashes,
      SignInLinks links,
      Sessions sessions,
      InstantSource clock) {
    this.database = database;
    this.tenancy = new Tenancy(database);
    this.credentials = credentials;
    this.hashes = hashes;
    this.links = links;
    this.sessions = sessions;
    this.guesses = new Guesses(database);
    this.clock = clock;
  }

  private record Person(long id, @Nullable String passwordHash) {}

  /**
   * By e-mail address and password.
   *
   * @param code of the second factor; empty where none was typed
   * @throws SignInException who is not let in
   */
  public OpenedSession byPassword(
      Visitor visitor, String address, String password, Optional<String> code) {
    String email = email(address);
    List<Subject> subjects =
        List.of(
            Subject.pair(email, visitor.network()),
            Subject.person(email),
            Subject.network(visitor.network()));
    guesses.take(subjects);
    try {
      Person person = prove(visitor, email, password);
      OpenedSession opened =
          database.run(connection -> {
            Stored stored = credentials.lock(connection, person.id()).orElseThrow();
            if (!String.valueOf(stored.passwordHash()).equals(person.passwordHash())) {
              throw wrong(); // changed just now
            }
            if (stored.factorConfirmed()) {
              useCode(connection, stored, code);
            }
            Guesses.forget(connection, subjects.subList(0, 2));
            return sessions.open(connection, visitor, person.id(), stored.orgId(), Method.PASSWORD);
          });
      guesses.giveBack(subjects.subList(2, 3));
      strengthen(person, password);
      return opened;
    } catch (SignInException refusal) {
      switch (refusal.reason()) {
        case FACTOR_NEEDED, BUSY -> guesses.giveBack(subjects);
        case WRONG_CODE -> refused(visitor, email);
        default -> {}
      }
      throw refusal;
    }
  }

  private static String email(String address) {
    try {
      return Texts.email(address);
    } catch (RefusedException e) {
      throw wrong();
    }
  }

  private static SignInException wrong() {
    return new SignInException(
        Reason.WRONG_CREDENTIALS, "The e-mail address or the password is wrong.");
  }

  private Person prove(Visitor visitor, String email, String password) {
    Optional<Person> found =
        database.run(connection ->
            Rows.first(
                connection,
                "select c.user_id, c.password_hash from app_user u"
                    + " join credential c on c.user_id = u.id where u.email = ?",
                row -> new Person(row.getLong(1), row.getString(2)),
                email));
    String hash = found.map(Person::passwordHash).orElse(null);
    boolean fits;
    if (hash == null) {
      hashes.fitsNobody(password);
      fits = false;
    } else {
      fits = hashes.fits(password, hash);
    }
    if (!fits) {
      refused(visitor, email);
      throw wrong();
    }
    return found.orElseThrow();
  }

  /** What a typed address says is kept only where it is a member's: it may be a password. */
  private void refused(Visitor visitor, String email) {
    database.run(connection -> {
      List<Long> orgs =
          Rows.list(
              connection,
              "select m.org_id from membership m join app_user u on u.id = m.user_id"
                  + " where u.email = ? and m.removed_at is null order by 1",
              row -> row.getLong(1),
              email);
      Actor actor = visitor.as("visitor");
      if (orgs.isEmpty()) {
        AuditLog.write(
            connection, Organisation.DEFAULT_ID, actor, "sign_in.refused", "", null, null);
      }
      for (long org : orgs) {
        AuditLog.write(connection, org, actor, "sign_in.refused", "member:" + email, null, null);
      }
      return true;
    });
  }

  private void useCode(Connection connection, Stored stored, Optional<String> code)
      throws SQLException {
    if (code.isEmpty()) {
      throw new SignInException(
          Reason.FACTOR_NEEDED, "A code of the second factor, or a recovery code, is needed too.");
    }
    credentials.useCode(connection, stored, code.get(), clock.instant());
  }

  /** Hashes of earlier versions' parameters are made anew while the password is at hand. */
  private void strengthen(Person person, String password) {
    String old = person.passwordHash();
    if (old != null && hashes.isWeaker(old)) {
      try {
        String hash = hashes.hash(password);
        database.run(connection ->
            Rows.change(
                connection,
                "update credential set password_hash = ? where user_id = ? and password_hash = ?",
                hash,
                person.id(),
                old));
      } catch (SignInException busy) {
        LOG.debug("the next sign-in makes the hash anew", busy);
      }
    }
  }

  /**
   * What somebody who uses a link says beside it.
   *
   * @param email the first owner's own; empty otherwise
   * @param name the first owner's own; may be empty
   * @param password to sign in with from now on; empty for none
   * @param code of the second factor, where the person has one
   */
  public record LinkAnswer(
      Optional<String> email, String name, Optional<String> password, Optional<String> code) {}

  /**
   * By a link that is good once.
   *
   * @throws SignInException who is not let in; the link is still good then
   * @throws RefusedException when the address or the password can't be accepted
   */
  public OpenedSession byLink(Visitor visitor, String token, LinkAnswer answer) {
    String known = links.ownerOf(token);
    String email =
        known.isEmpty()
            ? Texts.email(
                answer
                    .email()
                    .orElseThrow(() ->
                        RefusedException.invalid(
                            "email", "The first owner's e-mail address is missing.")))
            : known;
    answer.password().ifPresent(password -> PasswordRules.check(password, email));
    Optional<String> hash = answer.password().map(hashes::hash);
    List<Subject> tries = answer.code().isPresent() ? factorOf(email) : List.of();
    guesses.take(tries);
    return database.run(connection -> {
      SignInLinks.Used used = links.use(connection, token);
      Long named = used.userId();
      long userId = named == null ? firstOwner(connection, visitor, email, answer.name()) : named;
      Optional<Stored> stored = credentials.lock(connection, userId);
      if (stored.isPresent() && stored.get().asksCodeOf(used.orgId())) {
        useCode(connection, stored.get(), answer.code());
      }
      Guesses.forget(connection, tries);
      if (hash.isPresent()) {
        credentials.lockForChange(connection, userId, used.orgId());
        Credentials.setPassword(connection, userId, hash.get());
      }
      return sessions.open(connection, visitor, userId, used.orgId(), Method.LINK);
    });
  }

  private List<Subject> factorOf(String email) {
    return database.run(connection ->
        Rows.list(
            connection,
            "select id from app_user where email = ?",
            row -> Subject.factor(row.getLong(1)),
            email));
  }

  private long firstOwner(Connection connection, Visitor visitor, String email, String name)
      throws SQLException {
    Organisation own = tenancy.organisations().find(Organisation.DEFAULT);
    Actor actor = visitor.as("first-owner");
    boolean member =
        Rows.first(
                connection,
                "select m.user_id from membership m join app_user u on u.id = m.user_id"
                    + " where m.org_id = ? and u.email = ? and m.removed_at is null",
                row -> true,
                own.id(),
                email)
            .orElse(false);
    Member owner =
        member
            ? tenancy.members().change(actor, own, email, Role.OWNER, ExpectedVersion.ANY)
            : tenancy.members().add(actor, own, email, name, Role.OWNER);
    return owner.userId();
  }

  /**
   * Whom an identity provider names.
   *
   * @param issuer the provider
   * @param subject who it is there; unique with the issuer
   * @param email the person's address, which the provider has verified
   * @param name may be empty
   */
  public record ProvenIdentity(String issuer, String subject, String email, String name) {}

  /**
   * What becomes of somebody whom a provider names and who is no member yet.
   *
   * @param tenant whose member
   * @param role with which role; no owner
   */
  public record Joining(String tenant, Role role) {}

  /**
   * By an identity provider that the operator trusts.
   *
   * @param joining what becomes of strangers; empty where they are not let in
   * @throws SignInException who is not let in
   */
  public OpenedSession byProvider(
      Visitor visitor, ProvenIdentity proven, Optional<Joining> joining) {
    String email = Texts.email(proven.email());
    return database.run(connection -> {
      Optional<Long> known =
          Rows.first(
              connection,
              "select user_id from external_identity where issuer = ? and subject = ?",
              row -> row.getLong(1),
              proven.issuer(),
              proven.subject());
      long userId =
          known.isPresent() ? known.get() : link(connection, visitor, proven, email, joining);
      return sessions.open(connection, visitor, userId, null, Method.OIDC);
    });
  }

  private long link(
      Connection connection,
      Visitor visitor,
      ProvenIdentity proven,
      String email,
      Optional<Joining> joining)
      throws SQLException {
    // Who was removed from a tenant doesn't join again by signing in.
    boolean member =
        Rows.first(
                connection,
                "select true from membership m join app_user u on u.id = m.user_id"
                    + " where u.email = ?",
                row -> row.getBoolean(1),
                email)
            .orElse(false);
    if (!member && joining.isPresent()) {
      Organisation org = tenancy.organisations().find(joining.get().tenant());
      String name = proven.name().codePoints().allMatch(Texts::isPrintable) ? proven.name() : "";
      Member _ =
          tenancy
              .members()
              .add(
                  visitor.as("oidc"),
                  org,
                  email,
                  name.codePointCount(0, name.length()) <= 128 ? name : "",
                  joining.get().role());
    }
    Optional<Long> userId =
        Rows.first(
            connection, "select id from app_user where email = ?", row -> row.getLong(1), email);
    if (userId.isEmpty()) {
      throw new SignInException(
          Reason.NO_MEMBERSHIP,
          "%s belongs to no tenant here: ask an owner or admin of yours to add this address."
              .formatted(email));
    }
    Rows.change(
        connection,
        "insert into external_identity (issuer, subject, user_id) values (?, ?, ?)"
            + " on conflict (issuer, subject) do nothing",
        proven.issuer(),
        proven.subject(),
        userId.get());
    return userId.get();
  }
}
