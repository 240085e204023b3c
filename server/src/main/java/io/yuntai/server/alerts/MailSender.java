package io.yuntai.server.alerts;

import io.yuntai.server.config.AlertSettings.Smtp;
import jakarta.mail.Authenticator;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Properties;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Sends mail by SMTP. Safe for use by many threads. */
final class MailSender {
  private final Smtp smtp;
  private final Session session;

  /**
   * @param timeout for each step of a delivery
   */
  MailSender(Smtp smtp, Duration timeout) {
    this(smtp, timeout, (SSLSocketFactory) SSLSocketFactory.getDefault());
  }

  /**
   * With certificates of its own.
   *
   * @param sockets who is believed to be who
   */
  MailSender(Smtp smtp, Duration timeout, SSLSocketFactory sockets) {
    this.smtp = smtp;
    Properties settings = new Properties();
    settings.put("mail.smtp.ssl.socketFactory", sockets);
    String millis = Long.toString(timeout.toMillis());
    settings.put("mail.transport.protocol", "smtp");
    settings.put("mail.smtp.host", smtp.host());
    settings.put("mail.smtp.port", Integer.toString(smtp.port()));
    settings.put("mail.smtp.connectiontimeout", millis);
    settings.put("mail.smtp.timeout", millis);
    settings.put("mail.smtp.writetimeout", millis);
    settings.put("mail.smtp.auth", Boolean.toString(!smtp.user().isEmpty()));
    settings.put("mail.smtp.ssl.checkserveridentity", "true");
    switch (smtp.security()) {
      case STARTTLS -> {
        settings.put("mail.smtp.starttls.enable", "true");
        settings.put("mail.smtp.starttls.required", "true");
      }
      case TLS -> settings.put("mail.smtp.ssl.enable", "true");
      case NONE -> settings.put("mail.smtp.starttls.enable", "false");
    }
    this.session = Session.getInstance(settings, authenticator(smtp));
  }

  private static @Nullable Authenticator authenticator(Smtp smtp) {
    return smtp.user().isEmpty()
        ? null
        : new Authenticator() {
          @Override
          protected PasswordAuthentication getPasswordAuthentication() {
            return new PasswordAuthentication(smtp.user(), smtp.password());
          }
        };
  }

  /**
   * Sends a message.
   *
   * @param id the same at each attempt, so that a reader's program knows what it has
   * @throws IOException with a sentence, unless the server accepted it
   */
  void send(String to, String id, Instant now, String subject, String text) throws IOException {
    try {
      MimeMessage message =
          new MimeMessage(session) {
            @Override
            protected void updateMessageID() throws MessagingException {
              setHeader("Message-ID", "<" + id + "@" + domain() + ">");
            }
          };
      message.setFrom(new InternetAddress(smtp.from(), true));
      message.setRecipient(Message.RecipientType.TO, new InternetAddress(to, true));
      message.setSubject(subject, StandardCharsets.UTF_8.name());
      message.setText(text, StandardCharsets.UTF_8.name());
      message.setSentDate(Date.from(now));
      message.setHeader("Auto-Submitted", "auto-generated");
      Transport.send(message);
    } catch (MessagingException e) {
      throw new IOException(
          "The mail server %s: %s".formatted(smtp, String.valueOf(e.getMessage()).strip()), e);
    }
  }

  private String domain() {
    return smtp.from().substring(smtp.from().indexOf('@') + 1);
  }
}
