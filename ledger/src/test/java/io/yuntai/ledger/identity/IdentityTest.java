package io.yuntai.ledger.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.DatabaseOptions;
import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.TestHomes;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.identity.SignIn.Joining;
import io.yuntai.ledger.identity.SignIn.LinkAnswer;
import io.yuntai.ledger.identity.SignIn.ProvenIdentity;
import io.yuntai.ledger.identity.SignInException.Reason;
import io.yuntai.ledger.keys.Pepper;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.tenancy.ExpectedVersion;
import io.yuntai.ledger.tenancy.Member;
import io.yuntai.ledger.tenancy.NewOrganisation;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Organisation.Billing;
import io.yuntai.ledger.tenancy.PageRequest;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.tenancy.Role;
import io.yuntai.ledger.tenancy.Tenancy;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in, in a real database. */
class IdentityTest {
  private static final Actor OPERATOR = new Actor("operator", "local");
  private static final String PASSWORD = "a quite good password";
  private static final LinkAnswer NOTHING =
      new LinkAnswer(Optional.empty(), "", Optional.empty(), Optional.empty());
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  @TempDir static Path folder;
  private static Database database;
  private static Transactions transactions;
  private static Tenancy tenancy;
  private static Identity identity;

  /** Moves on by hand: codes are good for their time only. */
  private static volatile Instant now = Instant.parse("2026-11-23T09:00:00Z");

  @BeforeAll
  static void open() throws Exception {
    Path home = TestHomes.prepared(folder);
    database = Database.open(DatabaseOptions.embedded(home));
    transactions = new Transactions(database.dataSource());
    tenancy = new Tenancy(transactions);
    SecureRandom random = new SecureRandom();
    identity =
        new Identity(
            transactions,
            Pepper.of(home, random),
            random,
            new PasswordHashes(random, 2),
            SessionLimits.DEFAULTS,
            (InstantSource) () -> now);
  }

  @AfterAll
  static void close() {
    database.close();
  }

  /** Each from a network of its own, so that no test slows another one down. */
  private static Visitor visitor() {
    int number = NUMBERS.incrementAndGet();
    return new Visitor("10.%d.%d.1".formatted(number >> 8, number & 255), "test", Optional.empty());
  }

  private static Organisation tenant() {
    return tenancy
        .organisations()
        .create(
            OPERATOR,
            new NewOrganisation(
                "t" + NUMBERS.incrementAndGet(), "", "CNY", Billing.POSTPAID, "UTC"));
  }

  private static Member member(Organisation org, Role role) {
    String email = "p" + NUMBERS.incrementAndGet() + "@example.com";
    return tenancy.members().add(OPERATOR, org, email, "", role);
  }

  private static OpenedSession withPassword(Organisation org, Member member, boolean everywhere) {
    SignInLink link = identity.links().forMember(OPERATOR, org, member, everywhere);
    return identity
        .signIn()
        .byLink(
            visitor(),
            link.token(),
            new LinkAnswer(Optional.empty(), "", Optional.of(PASSWORD), Optional.empty()));
  }

  private static OpenedSession signIn(String email, String password, String code) {
    return identity
        .signIn()
        .byPassword(visitor(), email, password, Optional.of(code).filter(text -> !text.isEmpty()));
  }

  private static void refused(ThrowingCallable call, Reason reason) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SignInException.class,
            refusal -> {
              assertThat(refusal.reason()).as(refusal.sentence()).isEqualTo(reason);
              assertThat(refusal.sentence()).matches(".{10,300}[.]");
            });
  }

  private static List<String> actions(Organisation org) {
    return tenancy.audit().of(org.id(), PageRequest.first(100)).items().stream()
        .map(event -> event.action() + " " + event.actor())
        .toList();
  }

  @Test
  void letsTheFirstOwnerInOnceByALink() {
    SignInLink link = identity.links().forFirstOwner().orElseThrow();
    assertThat(link.email()).isEmpty();
    assertThat(identity.links().forFirstOwner()).as("a second one").isEmpty();
    assertThatThrownBy(() -> identity.signIn().byLink(visitor(), link.token(), NOTHING))
        .isInstanceOf(RefusedException.class);
    LinkAnswer answer =
        new LinkAnswer(
            Optional.of("First@Example.com"), "First", Optional.of(PASSWORD), Optional.empty());
    OpenedSession opened = identity.signIn().byLink(visitor(), link.token(), answer);
    assertThat(opened.session().operates()).isTrue();
    assertThat(opened.session().roles()).isEqualTo(Map.of("default", Role.OWNER));
    refused(() -> identity.signIn().byLink(visitor(), link.token(), answer), Reason.LINK_INVALID);
    assertThat(signIn("first@example.com", PASSWORD, "").session().name()).isEqualTo("First");
    assertThat(identity.links().forFirstOwner()).isEmpty();
  }

  @Test
  void letsMembersInByPasswordAndNobodyElse() {
    Organisation org = tenant();
    Member wu = member(org, Role.BILLING);
    refused(() -> signIn(wu.email(), PASSWORD, ""), Reason.WRONG_CREDENTIALS);
    withPassword(org, wu, true);
    OpenedSession opened = signIn(wu.email().toUpperCase(java.util.Locale.ROOT), PASSWORD, "");
    assertThat(opened.session().roles()).isEqualTo(Map.of(org.name(), Role.BILLING));
    assertThat(opened.session().operates()).isFalse();
    assertThat(identity.sessions().find(opened.token()).orElseThrow().email())
        .isEqualTo(wu.email());
    refused(() -> signIn(wu.email(), "another good password", ""), Reason.WRONG_CREDENTIALS);
    refused(() -> signIn("nobody@example.com", PASSWORD, ""), Reason.WRONG_CREDENTIALS);
    refused(() -> signIn("no address\u0000", PASSWORD, ""), Reason.WRONG_CREDENTIALS);
    assertThat(actions(org))
        .contains(
            "sign_in.link user:" + wu.email(),
            "sign_in.password user:" + wu.email(),
            "sign_in.refused visitor",
            "member.link operator");
    tenancy.members().remove(OPERATOR, org, wu.email(), ExpectedVersion.ANY);
    assertThat(identity.sessions().find(opened.token())).as("after removal").isEmpty();
    refused(() -> signIn(wu.email(), PASSWORD, ""), Reason.NO_MEMBERSHIP);
  }

  @Test
  void rotatesSessionsAndEndsThem() {
    Organisation org = tenant();
    Member wu = member(org, Role.DEVELOPER);
    OpenedSession first = withPassword(org, wu, true);
    Visitor again = new Visitor("10.0.0.1", "test", Optional.of(first.token()));
    OpenedSession second =
        identity.signIn().byPassword(again, wu.email(), PASSWORD, Optional.empty());
    assertThat(identity.sessions().find(first.token())).as("the one before").isEmpty();
    OpenedSession third = signIn(wu.email(), PASSWORD, "");
    assertThat(identity.sessions().of(third.session())).hasSize(2);
    identity.sessions().end(third.session(), again, second.session().id());
    assertThat(identity.sessions().find(second.token())).isEmpty();
    assertThatThrownBy(() -> identity.sessions().end(third.session(), again, 1L << 40))
        .isInstanceOf(RefusedException.class);
    OpenedSession fourth = signIn(wu.email(), PASSWORD, "");
    OpenedSession changed =
        identity
            .account()
            .setPassword(
                fourth.session(), visitor(), Optional.of(PASSWORD), "yet another password");
    assertThat(identity.sessions().find(third.token())).as("others").isEmpty();
    assertThat(identity.sessions().find(fourth.token())).as("its own, rotated").isEmpty();
    assertThat(identity.sessions().find(changed.token())).isPresent();
    refused(
        () ->
            identity
                .account()
                .setPassword(changed.session(), visitor(), Optional.of(PASSWORD), PASSWORD),
        Reason.WRONG_CREDENTIALS);
  }

  @Test
  void endsSessionsThatAreIdleOrOld() {
    Organisation org = tenant();
    Member wu = member(org, Role.DEVELOPER);
    OpenedSession idle = withPassword(org, wu, true);
    OpenedSession old = signIn(wu.email(), PASSWORD, "");
    change(
        "update user_session set seen_at = seen_at - interval '13 hours' where id = ?",
        idle.session().id());
    change("update user_session set expires_at = created_at where id = ?", old.session().id());
    assertThat(identity.sessions().find(idle.token())).isEmpty();
    assertThat(identity.sessions().find(old.token())).isEmpty();
    identity.tidy();
  }

  private static void change(String sql, long id) {
    transactions.run(connection -> Rows.change(connection, sql, id));
  }

  private static String code(String secret) {
    byte[] bytes = new byte[Totp.SECRET_BYTES];
    int filled = 0;
    int buffer = 0;
    int bits = 0;
    for (int i = 0; i < secret.length(); i++) {
      buffer = (buffer << 5) | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(secret.charAt(i));
      bits += 5;
      if (bits >= 8) {
        bits -= 8;
        bytes[filled++] = (byte) (buffer >> bits);
      }
      buffer &= (1 << bits) - 1;
    }
    return Totp.code(bytes, Totp.stepAt(now));
  }

  @Test
  void asksForTheSecondFactorOnceThereIsOne() {
    Organisation org = tenant();
    Member wu = member(org, Role.ADMIN);
    OpenedSession opened = withPassword(org, wu, true);
    Account account = identity.account();
    Account.FactorOffer offer = account.offerFactor(opened.session());
    assertThat(signIn(wu.email(), PASSWORD, "")).as("not confirmed yet").isNotNull();
    refused(() -> account.confirmFactor(opened.session(), visitor(), "000000x"), Reason.WRONG_CODE);
    List<String> recovery =
        account.confirmFactor(opened.session(), visitor(), code(offer.secret()));
    assertThat(recovery)
        .hasSize(10)
        .doesNotHaveDuplicates()
        .allMatch(c -> c.matches("(?:[A-Z2-7]{4}-){3}[A-Z2-7]{4}"));
    assertThat(account.standing(opened.session())).isEqualTo(new Account.Standing(true, true, 10));

    refused(() -> signIn(wu.email(), PASSWORD, ""), Reason.FACTOR_NEEDED);
    refused(() -> signIn(wu.email(), PASSWORD, code(offer.secret())), Reason.WRONG_CODE);
    now = now.plusSeconds(30);
    assertThat(signIn(wu.email(), PASSWORD, code(offer.secret()))).isNotNull();
    refused(() -> signIn(wu.email(), PASSWORD, code(offer.secret())), Reason.WRONG_CODE);
    assertThat(signIn(wu.email(), PASSWORD, recovery.getFirst().toLowerCase(java.util.Locale.ROOT)))
        .isNotNull();
    refused(() -> signIn(wu.email(), PASSWORD, recovery.getFirst()), Reason.WRONG_CODE);

    SignInLink link = identity.links().forMember(OPERATOR, org, wu, true);
    refused(() -> identity.signIn().byLink(visitor(), link.token(), NOTHING), Reason.FACTOR_NEEDED);
    now = now.plusSeconds(30);
    account.removeFactor(opened.session(), visitor(), code(offer.secret()));
    assertThat(signIn(wu.email(), PASSWORD, "")).isNotNull();
    assertThat(actions(org))
        .contains(
            "second_factor.add user:" + wu.email(), "second_factor.remove user:" + wu.email());
  }

  @Test
  void usesACodeOnceHoweverManyTryItAtOnce() throws Exception {
    Organisation org = tenant();
    Member wu = member(org, Role.ADMIN);
    OpenedSession opened = withPassword(org, wu, true);
    Account.FactorOffer offer = identity.account().offerFactor(opened.session());
    identity.account().confirmFactor(opened.session(), visitor(), code(offer.secret()));
    now = now.plusSeconds(30);
    String code = code(offer.secret());
    assertThat(inParallel(4, () -> signIn(wu.email(), PASSWORD, code))).isEqualTo(1);
  }

  /** How many of so many were let in. */
  private static int inParallel(int count, Callable<?> work) throws Exception {
    int in = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Object>> all = new ArrayList<>(Collections.nCopies(count, work::call));
      for (Future<Object> done : threads.invokeAll(all)) {
        try {
          done.get();
          in++;
        } catch (java.util.concurrent.ExecutionException e) {
          assertThat(e.getCause()).isInstanceOf(SignInException.class);
        }
      }
    }
    return in;
  }

  /** Five tries cost nothing; the sixth waits, however many come at the same time. */
  @Test
  void slowsGuessesDownExactly() throws Exception {
    Organisation org = tenant();
    Member wu = member(org, Role.DEVELOPER);
    withPassword(org, wu, true);
    Visitor guesser = visitor();
    AtomicInteger looked = new AtomicInteger();
    int in =
        inParallel(
            20,
            () -> {
              try {
                return identity
                    .signIn()
                    .byPassword(guesser, wu.email(), "a wrong password", Optional.empty());
              } catch (SignInException refusal) {
                if (refusal.reason() == Reason.WRONG_CREDENTIALS) {
                  looked.incrementAndGet();
                }
                throw refusal;
              }
            });
    assertThat(in).isZero();
    // The sixth is looked at and makes the seventh wait two seconds, which a slow machine may take;
    // each one more doubles that.
    assertThat(looked).hasValueBetween(6, 12);
    assertThatThrownBy(
            () -> identity.signIn().byPassword(guesser, wu.email(), PASSWORD, Optional.empty()))
        .isInstanceOf(SignInException.class);
    assertThat(signIn(wu.email(), PASSWORD, "")).as("from elsewhere").isNotNull();
  }

  /**
   * A tenant that makes links for an address before its owner comes gets nothing of other tenants.
   */
  @Test
  void keepsWhatATenantVouchedForWithinThatTenant() {
    Organisation mine = tenant();
    Organisation other = tenant();
    Member wu = member(mine, Role.DEVELOPER);
    OpenedSession planted = withPassword(mine, wu, false);
    tenancy.members().add(OPERATOR, other, wu.email(), "", Role.OWNER);
    assertThat(signIn(wu.email(), PASSWORD, "").session().roles())
        .isEqualTo(Map.of(mine.name(), Role.DEVELOPER));
    Account.FactorOffer _ = identity.account().offerFactor(planted.session());

    SignInLink everywhere = identity.links().forMember(OPERATOR, other, wu, true);
    String own = "a password of my own";
    OpenedSession real =
        identity
            .signIn()
            .byLink(
                visitor(),
                everywhere.token(),
                new LinkAnswer(Optional.empty(), "", Optional.of(own), Optional.empty()));
    assertThat(real.session().roles()).containsOnlyKeys(mine.name(), other.name());
    refused(() -> signIn(wu.email(), PASSWORD, ""), Reason.WRONG_CREDENTIALS);
    SignInLink again = identity.links().forMember(OPERATOR, mine, wu, false);
    OpenedSession scoped = identity.signIn().byLink(visitor(), again.token(), NOTHING);
    assertThat(scoped.session().scope()).hasValue(mine.name());
    assertThatThrownBy(() ->
            identity.account().setPassword(scoped.session(), visitor(), Optional.empty(), PASSWORD))
        .isInstanceOf(RefusedException.class);
    assertThat(signIn(wu.email(), own, "").session().roles()).hasSize(2);
  }

  @Test
  void letsInWhomAProviderNames() {
    Organisation org = tenant();
    Member wu = member(org, Role.AUDITOR);
    SignIn in = identity.signIn();
    ProvenIdentity proven = new ProvenIdentity("https://id.example", "1", wu.email(), "Wu");
    assertThat(in.byProvider(visitor(), proven, Optional.empty()).session().userId())
        .isEqualTo(wu.userId());
    ProvenIdentity moved = new ProvenIdentity("https://id.example", "1", "new-" + wu.email(), "Wu");
    assertThat(in.byProvider(visitor(), moved, Optional.empty()).session().email())
        .as("the subject counts, not the address")
        .isEqualTo(wu.email());
    ProvenIdentity stranger =
        new ProvenIdentity("https://id.example", "2", "stranger-" + wu.email(), "S");
    refused(() -> in.byProvider(visitor(), stranger, Optional.empty()), Reason.NO_MEMBERSHIP);
    Optional<Joining> joining = Optional.of(new Joining(org.name(), Role.DEVELOPER));
    assertThat(in.byProvider(visitor(), stranger, joining).session().roles())
        .isEqualTo(Map.of(org.name(), Role.DEVELOPER));
    tenancy.members().remove(OPERATOR, org, stranger.email(), ExpectedVersion.ANY);
    refused(() -> in.byProvider(visitor(), stranger, joining), Reason.NO_MEMBERSHIP);
  }

  @Test
  void keepsNothingThatOpensADoor() {
    Organisation org = tenant();
    Member wu = member(org, Role.ADMIN);
    OpenedSession opened = withPassword(org, wu, true);
    Account.FactorOffer offer = identity.account().offerFactor(opened.session());
    String all =
        transactions.run(connection ->
            String.join(
                "\n",
                Rows.list(
                    connection,
                    "select s::text || l::text || c::text from user_session s, sign_in_link l, credential c",
                    row -> row.getString(1))));
    assertThat(all).contains("$argon2id$").doesNotContain(opened.token(), PASSWORD, offer.secret());
  }
}
