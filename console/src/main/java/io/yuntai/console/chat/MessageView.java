package io.yuntai.console.chat;

import io.yuntai.console.markdown.Markdown;
import io.yuntai.console.page.Ui;
import io.yuntai.ledger.threads.Attachment;
import io.yuntai.ledger.threads.ChatMessage;
import io.yuntai.ledger.threads.ChatMessage.AnswerFacts;
import io.yuntai.ledger.threads.MessageState;
import java.util.List;
import java.util.UUID;

/**
 * A message as its template shows it.
 *
 * @param thread where
 * @param message what was said
 * @param html of its text
 * @param files that were sent with it
 * @param branch its place among those that could stand here, from 1
 * @param branches how many could
 * @param previous the one before among them; 0 for none
 * @param next the one behind; 0 for none
 * @param beside whether another model's answer stands beside it
 * @param chosen whether the thread goes on from this one
 */
public record MessageView(
    UUID thread,
    ChatMessage message,
    String html,
    List<Attachment> files,
    int branch,
    int branches,
    long previous,
    long next,
    boolean beside,
    boolean chosen) {
  /** Copies the list. */
  public MessageView {
    files = List.copyOf(files);
  }

  static MessageView of(
      UUID thread,
      ChatMessage message,
      List<Attachment> files,
      List<Long> branches,
      boolean beside,
      boolean chosen,
      Markdown markdown) {
    long own = message.twinId() == 0 ? message.id() : Math.min(message.id(), message.twinId());
    int at = Math.max(0, branches.indexOf(own));
    boolean running = message.state() == MessageState.RUNNING;
    return new MessageView(
        thread,
        message,
        // A running one is filled by its events.
        running ? "" : markdown.html(message.text()),
        files,
        at + 1,
        Math.max(1, branches.size()),
        at > 0 ? branches.get(at - 1) : 0,
        at + 1 < branches.size() ? branches.get(at + 1) : 0,
        beside,
        chosen);
  }

  /** Whether a person said it. */
  public boolean asks() {
    return message.role() == ChatMessage.Role.USER;
  }

  /** Whether more is to come. */
  public boolean running() {
    return message.state() == MessageState.RUNNING;
  }

  /** Whether it can go on from where it ended. */
  public boolean mayGoOn() {
    return switch (message.state()) {
      case STOPPED, INTERRUPTED, FAILED -> true;
      case COMPLETE -> message.reason().equals("length") || message.reason().equals("budget");
      case RUNNING -> false;
    };
  }

  /** What happened, and what to do, in the person's language; empty for nothing worth telling. */
  public String outcome(Ui ui) {
    String reason = message.reason();
    return switch (message.state()) {
      case RUNNING -> "";
      case COMPLETE -> reason.isEmpty() ? "" : ui.textOr("chat.ended." + reason, reason);
      case STOPPED -> ui.text("chat.stopped");
      case INTERRUPTED -> ui.text("chat.interrupted");
      case FAILED -> ui.textOr("chat.failed." + reason, ui.text("chat.failed"));
    };
  }

  /** Tokens, price, speed and energy in a line. */
  public String figures(Ui ui) {
    AnswerFacts facts = message.facts();
    StringBuilder line = new StringBuilder(facts.model());
    if (facts.inputTokens() + facts.outputTokens() > 0) {
      line.append(" · ")
          .append(
              ui.text(
                  "chat.tokens",
                  ui.formats().count(facts.inputTokens()),
                  ui.formats().count(facts.outputTokens())));
    }
    if (facts.cachedTokens() > 0) {
      line.append(" · ").append(ui.text("chat.cached", ui.formats().count(facts.cachedTokens())));
    }
    if (!facts.currency().isEmpty() && facts.priceNanos() > 0) {
      line.append(" · ").append(price(ui, facts));
    }
    if (facts.millis() > 0 && facts.outputTokens() > 1) {
      double speed = (facts.outputTokens() - 1) * 1000.0 / facts.millis();
      line.append(" · ").append(ui.formats().decimal(speed, 1)).append(" tok/s");
    }
    facts
        .energyMillijoules()
        .ifPresent(energy -> line.append(" · ").append(ui.formats().energy(energy)));
    return line.toString();
  }

  private static String price(Ui ui, AnswerFacts facts) {
    return ui.formats().money(facts.priceNanos(), facts.currency(), 9);
  }
}
