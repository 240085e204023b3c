package io.yuntai.console.chat;

import io.yuntai.console.testing.ConsoleServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A server in a process of its own, to be killed: {@code HOME ROUTES_FILE}. */
public final class ChatServerProgram {
  private ChatServerProgram() {}

  /** Starts it, says where it is and the first link, and serves until its input ends. */
  public static void main(String[] arguments) throws Exception {
    ConsoleServer server =
        ConsoleServer.start(
            Path.of(arguments[0]), Files.readString(Path.of(arguments[1])), List.of());
    System.out.println("ready " + server.base() + " " + server.ownerLink());
    System.out.flush();
    awaitEnd();
    server.close();
  }

  private static void awaitEnd() throws IOException {
    while (System.in.read() >= 0) {
      // Nothing is said to it.
    }
  }
}
