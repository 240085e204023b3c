package io.yuntai.ledger.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** PostgreSQL servers as an operator runs them outside of Yuntai, on clusters with equal rows. */
public final class OwnServers implements AutoCloseable {
  private final Path folder;
  private final ServerHome home;
  private final Launcher launcher;
  private final String password;
  private final Random random = new Random();
  private final List<Server> servers = new ArrayList<>();

  /**
   * With a cluster in this folder that has Yuntai's tables and does not run. Whose log was minimal
   * when it was last stopped nobody can follow, so it has run with what an operator sets.
   */
  public OwnServers(Path folder) throws IOException {
    this.folder = folder;
    home = new ServerHome(TestHomes.prepared(folder));
    launcher = Launcher.choose(home);
    password = Cluster.password(home);
    Server once = start(home.data());
    once.awaitAnswers();
    once.process.destroy();
    once.process.onExit().join();
  }

  /** The first cluster's files. */
  public Path data() {
    return home.data();
  }

  /** Copies the first cluster, which has not been started, beside it. */
  public Path copy(String name) throws IOException {
    Path copy = home.data().resolveSibling(name);
    TestHomes.copyTree(home.data(), copy);
    return copy;
  }

  /** One that runs. */
  public final class Server {
    private final int port;
    private final Process process;

    private Server(int port, Process process) {
      this.port = port;
      this.process = process;
    }

    /** For another server that is to follow it. */
    public String connection(String as) {
      return "host=127.0.0.1 port=%d user=%s password=%s application_name=%s"
          .formatted(port, Cluster.USER, password, as);
    }

    /** The first value of a query. */
    public String ask(String sql) throws SQLException {
      try (Connection connection =
              ServerAddress.embedded(port, password).dataSource().getConnection();
          Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(sql)) {
        return row.next() ? String.valueOf(row.getString(1)) : "";
      }
    }

    /** It takes connections. */
    public void awaitAnswers() {
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .ignoreExceptions()
          .until(() -> ask("select 1").equals("1"));
    }

    /** As if its machine were gone. */
    public void kill() {
      List<ProcessHandle> family = new ArrayList<>(List.of(process.toHandle()));
      process.descendants().forEach(family::add);
      family.forEach(ProcessHandle::destroyForcibly);
      process.onExit().join();
    }
  }

  /** Starts one; whether it answers already is for the caller to find out. */
  public Server start(Path data, String... settings) throws IOException {
    launcher.handOverTree(data);
    int port = Ports.free(random);
    List<String> command = new ArrayList<>();
    command.add(home.binaries().resolve("bin/postgres").toString());
    command.addAll(List.of("-D", data.toString(), "-p", Integer.toString(port)));
    List<String> all =
        new ArrayList<>(
            List.of(
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                "wal_level=replica",
                "shared_buffers=32MB"));
    all.addAll(List.of(settings));
    for (String setting : all) {
      command.addAll(List.of("-c", setting));
    }
    Process process =
        new ProcessBuilder(launcher.command(command))
            .redirectErrorStream(true)
            .redirectOutput(Files.createTempFile(folder, "log-", "").toFile())
            .start();
    Server server = new Server(port, process);
    servers.add(server);
    return server;
  }

  /** Where these are, as an operator writes it. */
  public String url(Server... which) {
    return "postgresql://%s:%s@%s/%s"
        .formatted(
            Cluster.USER,
            password,
            List.of(which).stream()
                .map(server -> "127.0.0.1:" + server.port)
                .collect(Collectors.joining(",")),
            Cluster.DATABASE);
  }

  @Override
  public void close() {
    servers.reversed().forEach(Server::kill);
  }
}
