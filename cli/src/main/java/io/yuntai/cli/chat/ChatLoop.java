package io.yuntai.cli.chat;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.Screen;
import io.yuntai.engine.PromptTooLongException;
import io.yuntai.engine.template.TemplateException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A conversation in the terminal. Lines are questions, but for commands, which begin with a slash;
 * three double quotes open and close a text of several lines, and a backslash at a line's end joins
 * the next.
 */
final class ChatLoop {
  private static final String PROMPT = ">>> ";
  private static final String CONTINUATION = "... ";
  private static final String QUOTES = "\"\"\"";

  private final CliContext context;
  private final Screen screen;
  private final LineSource lines;
  private final ChatModel model;
  private final List<Turn> conversation = new ArrayList<>();
  private final AtomicReference<@Nullable RunningAnswer> current = new AtomicReference<>();
  private ChatSettings settings;
  private @Nullable String system;
  private boolean stats;

  ChatLoop(
      CliContext context,
      LineSource lines,
      ChatModel model,
      ChatSettings settings,
      @Nullable String system,
      boolean stats) {
    this.context = context;
    this.screen = context.screen();
    this.lines = lines;
    this.model = model;
    this.settings = settings;
    this.system = system;
    this.stats = stats;
  }

  /** Talks until the user leaves. */
  void run() throws InterruptedException {
    screen.result(screen.resultStyle().faint(context.text("chat.welcome", model.name())));
    while (true) {
      String line = lines.read(PROMPT);
      if (line == null) {
        return;
      }
      String text = whole(line).strip();
      if (text.startsWith("/")) {
        if (!command(text)) {
          return;
        }
      } else if (!text.isEmpty()) {
        answer(text);
      }
    }
  }

  /** Ends the answer that is being generated, if there is one. */
  void stopAnswer() {
    RunningAnswer running = current.get();
    if (running != null) {
      running.cancel();
    }
  }

  /** The line with those that belong to it. */
  private String whole(String line) {
    StringBuilder text = new StringBuilder();
    String rest = line;
    if (rest.strip().startsWith(QUOTES)) {
      rest = rest.strip().substring(QUOTES.length());
      while (!rest.stripTrailing().endsWith(QUOTES)) {
        text.append(rest).append('\n');
        String next = lines.read(CONTINUATION);
        if (next == null) {
          return text.toString();
        }
        rest = next;
      }
      String last = rest.stripTrailing();
      return text.append(last, 0, last.length() - QUOTES.length()).toString();
    }
    while (rest.endsWith("\\")) {
      text.append(rest, 0, rest.length() - 1).append('\n');
      String next = lines.read(CONTINUATION);
      if (next == null) {
        return text.toString();
      }
      rest = next;
    }
    return text.append(rest).toString();
  }

  /** Whether the conversation goes on. */
  private boolean command(String text) {
    String[] words = text.split("\\s+", 2);
    String argument = words.length > 1 ? words[1].strip() : "";
    switch (words[0]) {
      case "/help", "/?" -> screen.result(context.text("chat.help"));
      case "/clear" -> {
        conversation.clear();
        screen.result(context.text("chat.cleared"));
      }
      case "/system" -> {
        system = argument.isEmpty() ? null : argument;
        conversation.clear();
        screen.result(context.text(system == null ? "chat.system.none" : "chat.system.set"));
      }
      case "/stats" -> {
        stats = !stats;
        screen.result(context.text(stats ? "chat.stats.on" : "chat.stats.off"));
      }
      case "/seed" -> seed(argument);
      case "/save" -> save(argument);
      case "/bye", "/exit", "/quit" -> {
        return false;
      }
      default -> screen.result(context.text("chat.unknown", words[0]));
    }
    return true;
  }

  private void seed(String argument) {
    if (argument.matches("-?[0-9]{1,18}")) {
      settings =
          new ChatSettings(
              settings.temperature(),
              settings.topP(),
              settings.topK(),
              settings.maxTokens(),
              Long.parseLong(argument));
    }
    screen.result(context.text("chat.seed", settings.seed()));
  }

  private void save(String name) {
    StringBuilder text = new StringBuilder();
    for (Turn turn : conversation) {
      text.append("## ").append(turn.role()).append("\n\n").append(turn.content()).append("\n\n");
    }
    try {
      if (name.isEmpty()) {
        screen.result(context.text("chat.save.usage"));
        return;
      }
      Files.writeString(Path.of(name), text, StandardCharsets.UTF_8);
      screen.result(context.text("chat.saved", name));
    } catch (IOException | InvalidPathException e) {
      screen.note(context.text("chat.save.failed", name, e));
    }
  }

  private void answer(String question) throws InterruptedException {
    List<Turn> asked = new ArrayList<>();
    String instructions = system;
    if (instructions != null) {
      asked.add(new Turn("system", instructions));
    }
    asked.addAll(conversation);
    asked.add(new Turn("user", question));
    try (RunningAnswer answer = model.ask(asked, settings)) {
      current.set(answer);
      String text = AnswerPrinter.print(answer, screen);
      conversation.add(new Turn("user", question));
      conversation.add(new Turn("assistant", text));
      if (answer.facts().finish().equals("cancelled")) {
        screen.note(screen.noteStyle().faint(context.text("chat.stopped")));
      }
      if (stats) {
        screen.note(screen.noteStyle().faint(answer.facts().line(settings.seed())));
      }
    } catch (CommandException | PromptTooLongException | TemplateException e) {
      // The question is not part of the conversation then; another one may work.
      screen.note(screen.noteStyle().problem("! ") + e.getMessage());
      if (e instanceof PromptTooLongException) {
        screen.note(context.text("chat.toolong"));
      }
    } finally {
      current.set(null);
    }
  }
}
