package io.yuntai.console.chat;

import io.yuntai.console.Feature;
import io.yuntai.console.chat.files.FileReading;
import io.yuntai.console.markdown.Markdown;
import io.yuntai.console.page.Endpoint;
import io.yuntai.console.page.Page;
import io.yuntai.console.text.Language;
import io.yuntai.console.text.Messages;
import io.yuntai.server.console.ConsoleServices;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Talking with models. */
public final class ChatFeature implements Feature {
  private final ChatDesk desk;

  /** On these services. */
  public ChatFeature(ConsoleServices services) {
    this.desk = new ChatDesk(services, labels());
  }

  private static Map<Language, Markdown.Labels> labels() {
    Messages messages = Messages.load(List.of(ChatFeature.class));
    Map<Language, Markdown.Labels> labels = new EnumMap<>(Language.class);
    for (Language language : Language.values()) {
      labels.put(
          language,
          new Markdown.Labels(
              messages.text(language, "chat.copy"),
              messages.text(language, "chat.code"),
              messages.text(language, "chat.table")));
    }
    return labels;
  }

  @Override
  public List<Page> pages() {
    List<Page> pages = new ArrayList<>(new ThreadPages(desk).all());
    pages.addAll(new MessagePages(desk).all());
    return pages;
  }

  @Override
  public List<Endpoint> endpoints() {
    List<Endpoint> endpoints = new ArrayList<>(new ChatEndpoints(desk).all());
    endpoints.add(new EventsEndpoint(desk).endpoint());
    endpoints.addAll(new FileEndpoints(desk, new FileReading()).all());
    return endpoints;
  }

  @Override
  public List<String> assets() {
    return List.of(
        "chat.js",
        "chat-answer.js",
        "chat-composer.js",
        "chat-list.js",
        "chat-server.js",
        "chat-stream.js",
        "chat.css");
  }

  @Override
  public void close() {
    desk.answering().close();
  }
}
