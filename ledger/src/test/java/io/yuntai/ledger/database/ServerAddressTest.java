package io.yuntai.ledger.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** URLs of external databases. */
class ServerAddressTest {
  @Test
  void readsTheFormThatPeopleWrite() {
    ServerAddress address =
        ServerAddress.external(
            "postgresql://me:p%40ss+w%2Frd@db.example:6543/cloud?sslmode=require");
    PGSimpleDataSource source = address.dataSource();
    assertThat(source.getServerNames()).containsExactly("db.example");
    assertThat(source.getPortNumbers()).containsExactly(6543);
    assertThat(source.getDatabaseName()).isEqualTo("cloud");
    assertThat(source.getUser()).isEqualTo("me");
    assertThat(source.getPassword()).isEqualTo("p@ss+w/rd");
    assertThat(source.getSslMode()).isEqualTo("require");
    assertThat(address.shown()).isEqualTo("db.example:6543/cloud");
  }

  @Test
  void ofSeveralHostsThePrimaryIsAskedFor() {
    ServerAddress address =
        ServerAddress.external(
            "postgresql://me:s%40e@one.example:5433,10.0.0.2,two_2/cloud?ssl=true");
    PGSimpleDataSource source = address.dataSource();
    assertThat(source.getServerNames()).containsExactly("one.example", "10.0.0.2", "two_2");
    assertThat(source.getPortNumbers()).containsExactly(5433, 5432, 5432);
    assertThat(source.getTargetServerType()).isEqualTo("primary");
    assertThat(source.getPassword()).isEqualTo("s@e");
    assertThat(address.shown()).isEqualTo("one.example:5433,10.0.0.2,two_2/cloud");
  }

  @Test
  void readsJdbcUrls() {
    ServerAddress address =
        ServerAddress.external("jdbc:postgresql://db.example:6543/cloud?user=me&password=secret");
    assertThat(address.dataSource().getUser()).isEqualTo("me");
    assertThat(address.toString()).doesNotContain("secret").contains("db.example:6543/cloud");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "mysql://a:secret@b/c",
        "postgresql://",
        "postgres:secret",
        "postgresql://a:secret@[::1/x",
        "postgresql://a:secret@one,,two/x",
        "postgresql://a:secret@one:port,two/x",
        "jdbc:postgresql://host:port:secret/x",
        "postgresql://u:%zzsecret@host/db"
      })
  void refusesOthersWithoutRepeatingSecrets(String url) {
    assertThatThrownBy(() -> Database.open(DatabaseOptions.external(url)))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("YUNTAI_DATABASE_URL")
        .message()
        .doesNotContain("secret");
  }

  @Test
  void opensAnExternalDatabaseAndSaysWhenItIsGone(@TempDir Path folder) throws Exception {
    Path home = TestHomes.prepared(folder);
    String url;
    try (Database owner = Database.open(DatabaseOptions.embedded(home))) {
      String password = Cluster.password(new ServerHome(home));
      url =
          "postgresql://yuntai:"
              + password
              + "@127.0.0.1:"
              + Sql.run(owner, "show port")
              + "/other";
      Sql.run(owner, "create database other");
      try (Database other = Database.open(DatabaseOptions.external(url))) {
        assertThat(Sql.run(other, "select count(*) from api_key")).isEqualTo("0");
        assertThat(other.description()).endsWith("/other").doesNotContain(password);
      }
      String wrong = url.replace(password, "wrong");
      assertThatThrownBy(() -> Database.open(DatabaseOptions.external(wrong)))
          .isInstanceOf(DatabaseException.class)
          .hasMessageContaining("password authentication failed");
    }
    assertThatThrownBy(() -> Database.open(DatabaseOptions.external(url)))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("refused")
        .message()
        .hasLineCount(1);
  }

  @Test
  void saysWhatASuperuserMustRunOnceForAnExternalDatabase(@TempDir Path folder) throws Exception {
    Path home = TestHomes.prepared(folder);
    try (Database owner = Database.open(DatabaseOptions.embedded(home))) {
      Sql.run(owner, "create role renter login password 'x'");
      Sql.run(owner, "create database rented owner renter");
      String url = "postgresql://renter:x@127.0.0.1:" + Sql.run(owner, "show port") + "/rented";
      assertThatThrownBy(() -> Database.open(DatabaseOptions.external(url)))
          .isInstanceOf(DatabaseException.class)
          .hasMessageEndingWith("As a superuser run GRANT yuntai_tenant TO renter");
      Sql.run(owner, "grant yuntai_tenant to renter");
      try (Database rented = Database.open(DatabaseOptions.external(url))) {
        assertThat(Sql.run(rented, "select count(*) from org")).isEqualTo("1");
        assertThat(new Transactions(rented.dataSource()).<Boolean>runFor(1, c -> true)).isTrue();
      }
    }
  }
}
