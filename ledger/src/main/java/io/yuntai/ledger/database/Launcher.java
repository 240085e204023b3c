package io.yuntai.ledger.database;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How PostgreSQL's programs are started here: the words before each command.
 *
 * <p>They do three things where the platform can. {@code setsid}: Ctrl-C in a terminal reaches
 * Yuntai only, which then stops the server in its own time. {@code setpriv --pdeathsig}: the kernel
 * asks the server to stop when Yuntai is killed. And PostgreSQL refuses to run as root, so root
 * enters a user namespace of its own, in which it is not root but still owns its files; where that
 * is forbidden (Docker's default), root becomes another user.
 *
 * @param prefix the words before each command, possibly none
 * @param owner who must own the server's files, null for the user of this process
 */
record Launcher(List<String> prefix, @Nullable UserPrincipal owner) {
  private static final List<String> STOP_WITH_PARENT = List.of("setpriv", "--pdeathsig", "INT");
  private static final List<String> UNPRIVILEGED_USERS = List.of("postgres", "nobody");
  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(10);

  /** Finds out by trying, best first. */
  static Launcher choose(ServerHome home) throws IOException {
    return choose(home, new UnixSystem().getUid());
  }

  private static Launcher choose(ServerHome home, long uid) throws IOException {
    long dataUid = Files.isDirectory(home.data()) ? uidOf(home.data()) : uid;
    if (uid != 0) {
      if (dataUid != uid) {
        throw new DatabaseException(
            "The database in "
                + home.data()
                + " belongs to the user "
                + Files.getOwner(home.data())
                + ": start Yuntai as that user, or choose another folder with --home.");
      }
      return firstThatWorks(
              Stream.of(join(List.of("setsid"), STOP_WITH_PARENT), List.of("setsid"), perlSetsid()))
          .map(prefix -> new Launcher(prefix, null))
          .orElse(new Launcher(List.of(), null));
    }
    if (dataUid == 0) {
      Optional<List<String>> namespace =
          firstThatWorks(
              Stream.of(
                  join(List.of("setsid", "unshare", "--user"), STOP_WITH_PARENT),
                  List.of("setsid", "unshare", "--user"),
                  List.of("unshare", "--user")));
      if (namespace.isPresent()) {
        return new Launcher(namespace.get(), null);
      }
    }
    return asAnotherUser(home, dataUid);
  }

  static Launcher asAnotherUser(ServerHome home, long dataUid) throws IOException {
    UserPrincipal user = dataUid == 0 ? unprivilegedUser(home) : Files.getOwner(home.data());
    List<String> become =
        List.of(
            "setpriv",
            "--reuid=" + number("-u", user),
            "--regid=" + number("-g", user),
            "--clear-groups");
    ServerHome.setPermissions(home.root(), "rwx--x--x");
    List<String> enter = List.of("test", "-x", home.root().toString());
    return Stream.of(
            join(join(List.of("setsid"), become), List.of("--pdeathsig", "INT")),
            join(List.of("setsid"), become),
            become)
        .filter(candidate -> works(candidate, enter))
        .findFirst()
        .map(prefix -> new Launcher(prefix, user))
        .orElseThrow(() -> noWayForRoot(home, user));
  }

  /** A user's or its group's number, which Java itself doesn't tell. */
  private static String number(String option, UserPrincipal user) throws IOException {
    return Commands.run(List.of("id", option, user.getName()), PROBE_TIMEOUT).output();
  }

  private static UserPrincipal unprivilegedUser(ServerHome home) {
    for (String name : UNPRIVILEGED_USERS) {
      try {
        return home.root()
            .getFileSystem()
            .getUserPrincipalLookupService()
            .lookupPrincipalByName(name);
      } catch (IOException absent) {
        // Then the next.
      }
    }
    throw noWayForRoot(home, null);
  }

  private static DatabaseException noWayForRoot(ServerHome home, @Nullable UserPrincipal user) {
    return new DatabaseException(
        "PostgreSQL refuses to run as root, and here root can neither create a user namespace"
            + " ('unshare --user') nor run it as "
            + (user == null
                ? "another user (there is neither 'postgres' nor 'nobody')"
                : "the user " + user.getName() + " in " + home.root())
            + ": start Yuntai as an ordinary user, or choose with --home a folder that every user"
            + " may enter.");
  }

  /** The command with what it needs before it. */
  List<String> command(List<String> command) {
    return join(prefix, command);
  }

  /** Gives a file or folder to the user that the server runs as. */
  void handOver(Path path) throws IOException {
    if (owner != null) {
      Files.setOwner(path, owner);
    }
  }

  /** {@link #handOver} with all that is in a folder, unless it is done already. */
  void handOverTree(Path top) throws IOException {
    if (owner == null || Files.getOwner(top).equals(owner)) {
      return;
    }
    // The top comes last: its owner says that the rest is done.
    try (Stream<Path> tree = Files.walk(top)) {
      List<Path> paths = new ArrayList<>(tree.toList());
      for (Path path : paths.reversed()) {
        Files.getFileAttributeView(path, FileOwnerAttributeView.class, LinkOption.NOFOLLOW_LINKS)
            .setOwner(owner);
      }
    }
  }

  /** macOS has no setsid program. */
  private static List<String> perlSetsid() {
    return List.of("perl", "-MPOSIX", "-e", "POSIX::setsid(); exec { $ARGV[0] } @ARGV");
  }

  private static Optional<List<String>> firstThatWorks(Stream<List<String>> prefixes) {
    return prefixes.filter(prefix -> works(prefix, List.of("true"))).findFirst();
  }

  private static boolean works(List<String> prefix, List<String> command) {
    try {
      return Commands.run(join(prefix, command), PROBE_TIMEOUT).succeeded();
    } catch (IOException absent) {
      return false;
    }
  }

  private static long uidOf(Path path) throws IOException {
    return ((Number) Files.getAttribute(path, "unix:uid")).longValue();
  }

  private static List<String> join(List<String> first, List<String> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}
