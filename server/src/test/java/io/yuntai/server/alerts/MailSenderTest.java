package io.yuntai.server.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.yuntai.server.config.AlertSettings.Smtp;
import io.yuntai.server.config.AlertSettings.Smtp.Security;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mail, to a real server of SMTP. */
class MailSenderTest {
  private static final Instant NOW = Instant.parse("2026-11-23T09:00:00Z");
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private GreenMail server;

  @BeforeEach
  void start() {
    server = new GreenMail(new ServerSetup[] {of("smtp"), of("smtps")});
    server.start();
    server.setUser("yuntai@example.com", "yuntai", "the password");
  }

  /** On any free port, without waiting for it longer than a slow machine takes. */
  private static ServerSetup of(String protocol) {
    ServerSetup setup = new ServerSetup(0, "127.0.0.1", protocol);
    setup.setServerStartupTimeout(60_000);
    return setup;
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private Smtp smtp(Security security, String user, String password) {
    int port = security == Security.TLS ? server.getSmtps().getPort() : server.getSmtp().getPort();
    return new Smtp("127.0.0.1", port, security, user, password, "yuntai@example.com");
  }

  private static void send(Smtp smtp) throws IOException {
    new MailSender(smtp, TIMEOUT)
        .send("li@example.com", "alert-7", NOW, "预算 is used to 80 %", "一 line.\nAnother.");
  }

  @Test
  void delivers() throws Exception {
    send(smtp(Security.NONE, "yuntai", "the password"));
    assertThat(server.waitForIncomingEmail(60_000, 1)).isTrue();
    MimeMessage mail = server.getReceivedMessages()[0];
    assertThat(mail.getSubject()).isEqualTo("预算 is used to 80 %");
    assertThat(mail.getContent().toString()).contains("一 line.");
    assertThat(mail.getMessageID()).isEqualTo("<alert-7@example.com>");
    assertThat(mail.getAllRecipients())
        .extracting(Object::toString)
        .containsExactly("li@example.com");
    assertThat(mail.getFrom()).extracting(Object::toString).containsExactly("yuntai@example.com");
  }

  @Test
  void saysNothingToAServerThatIsNotWhoItShouldBe() {
    assertThatThrownBy(() -> send(smtp(Security.STARTTLS, "yuntai", "the password")))
        .as("it offers no STARTTLS")
        .isInstanceOf(IOException.class)
        .hasMessageContaining("STARTTLS")
        .hasMessageNotContaining("the password");
    assertThatThrownBy(() -> send(smtp(Security.TLS, "yuntai", "the password")))
        .as("nobody vouches for its certificate")
        .isInstanceOf(IOException.class)
        .hasMessageNotContaining("the password");
    assertThat(server.getReceivedMessages()).isEmpty();
  }

  private static Smtp secretly(SecretMailServer server) {
    return new Smtp(
        "127.0.0.1",
        server.port(),
        Security.STARTTLS,
        "yuntai",
        "the password",
        "yuntai@example.com");
  }

  private static void send(Smtp smtp, SSLSocketFactory believed) throws IOException {
    new MailSender(smtp, TIMEOUT, believed)
        .send("li@example.com", "alert-8", NOW, "A budget is used to 80 %", "One line.");
  }

  @Test
  void saysNothingBeforeTheConnectionIsSecret(@TempDir Path folder) throws Exception {
    try (SecretMailServer secret = new SecretMailServer(folder, "ip:127.0.0.1")) {
      send(secretly(secret), secret.clients());
      assertThat(secret.open()).hasSize(2).last().isEqualTo("STARTTLS");
      assertThat(secret.secret())
          .anyMatch(line -> line.startsWith("AUTH "))
          .contains("RCPT TO:<li@example.com>", "Subject: A budget is used to 80 %", "One line.");
    }
  }

  @Test
  void believesNoCertificateOfSomebodyElse(@TempDir Path folder) throws Exception {
    try (SecretMailServer other = new SecretMailServer(folder, "dns:mail.example.org")) {
      assertThatThrownBy(() -> send(secretly(other), other.clients()))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> send(secretly(other))).isInstanceOf(IOException.class);
      assertThat(other.secret()).noneMatch(line -> line.startsWith("AUTH "));
      assertThat(other.open()).noneMatch(line -> line.startsWith("AUTH "));
    }
  }

  @Test
  void saysWhatTheServerRefuses() {
    assertThatThrownBy(() -> send(smtp(Security.NONE, "yuntai", "another password")))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("The mail server 127.0.0.1:");
    Smtp gone = new Smtp("127.0.0.1", 1, Security.NONE, "", "", "yuntai@example.com");
    assertThatThrownBy(() -> send(gone)).isInstanceOf(IOException.class);
  }
}
