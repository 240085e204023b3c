package io.yuntai.server.alerts;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** A server of SMTP that wants STARTTLS, with a certificate that only its own clients believe. */
final class SecretMailServer implements AutoCloseable {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final ServerSocket listener;
  private final SSLContext tls;
  private final List<String> open = new CopyOnWriteArrayList<>();
  private final List<String> secret = new CopyOnWriteArrayList<>();

  /**
   * @param folder for its keys
   * @param name what its certificate is for, as keytool has it: {@code ip:127.0.0.1}
   */
  SecretMailServer(Path folder, String name) throws Exception {
    this.tls = tls(folder.resolve("keys.p12"), name);
    this.listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  private static SSLContext tls(Path keys, String name) throws Exception {
    Process made =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "mail",
                "-keyalg",
                "EC",
                "-dname",
                "CN=mail",
                "-ext",
                "san=" + name,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                keys.toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .redirectOutput(keys.resolveSibling("keytool.log").toFile())
            .start();
    if (!made.waitFor(2, TimeUnit.MINUTES) || made.exitValue() != 0) {
      throw new IOException("keytool made no keys in " + keys);
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys)) {
      store.load(in, PASSWORD);
    }
    return context(store);
  }

  private static SSLContext context(KeyStore store) throws GeneralSecurityException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    KeyStore believed;
    try {
      believed = KeyStore.getInstance("PKCS12");
      believed.load(null, null);
    } catch (IOException e) {
      throw new GeneralSecurityException(e);
    }
    believed.setCertificateEntry("mail", store.getCertificate("mail"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(believed);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  int port() {
    return listener.getLocalPort();
  }

  /** For clients that believe it. */
  SSLSocketFactory clients() {
    return tls.getSocketFactory();
  }

  /** What was said before the connection became TLS. */
  List<String> open() {
    return open;
  }

  /** What was said after. */
  List<String> secret() {
    return secret;
  }

  private void accept() {
    try {
      while (!listener.isClosed()) {
        Socket socket = listener.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      say(socket.getOutputStream(), "220 mail ready");
      if (!talk(socket, open, "250-mail\r\n250 STARTTLS")) {
        return;
      }
      SSLSocketFactory sockets = tls.getSocketFactory();
      try (SSLSocket safe =
          (SSLSocket) sockets.createSocket(socket, "127.0.0.1", socket.getPort(), false)) {
        safe.setUseClientMode(false);
        safe.startHandshake();
        talk(safe, secret, "250-mail\r\n250 AUTH PLAIN LOGIN");
      }
    } catch (IOException left) {
      // it did not believe who this is
    }
  }

  /** Until STARTTLS or the end; whether it is to become TLS. */
  private static boolean talk(Socket socket, List<String> said, String offers) throws IOException {
    OutputStream out = socket.getOutputStream();
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    boolean message = false;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      said.add(line);
      if (message) {
        message = !line.equals(".");
        if (!message) {
          say(out, "250 taken");
        }
        continue;
      }
      switch (line.split(" ", 2)[0]) {
        case "EHLO" -> say(out, offers);
        case "STARTTLS" -> {
          say(out, "220 go on");
          return true;
        }
        case "AUTH" -> say(out, "235 welcome");
        case "DATA" -> {
          message = true;
          say(out, "354 go on");
        }
        case "QUIT" -> {
          say(out, "221 bye");
          return false;
        }
        default -> say(out, "250 yes");
      }
    }
    return false;
  }

  private static void say(OutputStream out, String text) throws IOException {
    out.write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
