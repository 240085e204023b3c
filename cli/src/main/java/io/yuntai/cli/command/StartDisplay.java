package io.yuntai.cli.command;

import io.yuntai.cli.models.PullDisplay;
import io.yuntai.cli.terminal.Display;
import io.yuntai.cli.terminal.Json;
import io.yuntai.cli.terminal.Messages;
import io.yuntai.cli.terminal.Style;
import io.yuntai.cli.terminal.Units;
import io.yuntai.server.ServerOptions;
import io.yuntai.server.ServerState;
import io.yuntai.server.StartEvent;
import io.yuntai.server.StartListener;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A start as a person follows it: a line for each part that is ready, then where, key, try, stop.
 */
final class StartDisplay implements StartListener {
  private final Display display;
  private final Messages messages;
  private final ServerOptions options;
  private final Path log;
  private final boolean detached;
  private final boolean json;
  private final Map<String, PullDisplay> pulls = new HashMap<>();
  private @Nullable String firstKey;
  private @Nullable String firstOwner;
  private @Nullable ServerState state;

  StartDisplay(
      Display display,
      Messages messages,
      ServerOptions options,
      Path log,
      boolean detached,
      boolean json) {
    this.display = display;
    this.messages = messages;
    this.options = options;
    this.log = log;
    this.detached = detached;
    this.json = json;
  }

  /** Says what starts, where. */
  void begin() {
    Style style = display.noteStyle();
    display.note(
        style.strong("云台 Yuntai " + Version.text())
            + style.faint("  " + messages.text("up.home", options.home().path())));
    display.progress(messages.text("up.starting"));
  }

  @Override
  public void onEvent(StartEvent event) {
    Style style = display.noteStyle();
    switch (event) {
      case StartEvent.DatabaseReady(String description, var took) ->
          ready("up.database", description, style.faint(Units.duration(took)));
      case StartEvent.Pulling(String model, var pull) ->
          pulls.computeIfAbsent(model, m -> new PullDisplay(m, display, messages)).onEvent(pull);
      case StartEvent.ModelReady model ->
          ready(
              "up.model",
              model.model(),
              style.faint(
                  messages.text(
                          "up.model.facts",
                          Units.parameters(model.parameters()),
                          model.contextTokens(),
                          model.kernel())
                      + "  "
                      + Units.duration(model.took())));
      case StartEvent.ModelWarning(String model, String sentence) ->
          display.note(style.warning("! ") + model + ": " + sentence + ".");
      case StartEvent.AdapterReady(String model) -> ready("up.adapter", model, "");
      case StartEvent.FirstKey(var key) -> firstKey = key.key();
      case StartEvent.FirstOwner(String url) -> firstOwner = url;
      case StartEvent.Ready(var ready) -> state = ready;
    }
  }

  private void ready(String what, String name, String facts) {
    display.note(display.noteStyle().ok("✓ ") + messages.text(what) + "  " + name + "  " + facts);
  }

  /** Says how to use what has started. */
  void end() {
    ServerState ready = java.util.Objects.requireNonNull(state);
    if (json) {
      display.result(Json.text(UpCommand.Ready.fields(ready, firstKey, firstOwner)));
      return;
    }
    Style style = display.resultStyle();
    String key = firstKey == null ? "$YUNTAI_API_KEY" : firstKey;
    display.result("");
    display.result(label("up.url") + style.strong(ready.url() + "/v1"));
    display.result(label("up.key") + keyLine(style));
    display.result(
        label("up.owner")
            + (firstOwner == null
                ? style.strong(ready.url() + "/console")
                : style.strong(firstOwner) + style.faint("  " + messages.text("up.owner.once"))));
    if (!ready.models().isEmpty()) {
      display.result(label("up.try") + curl(ready, key));
    }
    display.result(label("up.stop") + messages.text(detached ? "up.stop.down" : "up.stop.ctrlc"));
    display.result("");
    if (!ListenAddressText.isLoopback(options.host())) {
      display.note(
          style.warning("! ") + messages.text("up.beyond", options.host(), options.port()));
    }
    display.note(display.noteStyle().faint(messages.text("up.log", log)));
  }

  private String label(String key) {
    return messages.text(key);
  }

  private String keyLine(Style style) {
    if (!options.keysRequired()) {
      return messages.text("up.key.none");
    }
    return firstKey == null
        ? messages.text("up.key.existing")
        : style.strong(firstKey) + style.faint("  " + messages.text("up.key.once"));
  }

  private String curl(ServerState ready, String key) {
    String header = options.keysRequired() ? " -H \"Authorization: Bearer " + key + "\"" : "";
    return "curl "
        + ready.url()
        + "/v1/chat/completions"
        + header
        + " -d '{\"model\":\""
        + ready.models().getFirst().name()
        + "\",\"messages\":[{\"role\":\"user\",\"content\":\""
        + messages.text("up.try.prompt")
        + "\"}]}'";
  }
}
