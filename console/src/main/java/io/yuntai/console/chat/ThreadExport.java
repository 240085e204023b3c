package io.yuntai.console.chat;

import io.yuntai.ledger.threads.Attachment;
import io.yuntai.ledger.threads.ChatMessage;
import io.yuntai.ledger.threads.ChatMessage.AnswerFacts;
import io.yuntai.ledger.threads.ChatThread;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A thread as a file: the branch that is looked at as Markdown, or all of the tree as JSON. */
final class ThreadExport {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int PIECE = 1_000;

  private final ChatDesk desk;
  private final ChatPerson person;
  private final ChatThread thread;

  ThreadExport(ChatDesk desk, ChatPerson person, ChatThread thread) {
    this.desk = desk;
    this.person = person;
    this.thread = thread;
  }

  byte[] markdown() {
    StringBuilder out = new StringBuilder("# ").append(thread.title()).append("\n\n");
    if (!thread.settings().system().isBlank()) {
      out.append("> ").append(thread.settings().system().replace("\n", "\n> ")).append("\n\n");
    }
    for (ChatMessage message : branch()) {
      boolean asks = message.role() == ChatMessage.Role.USER;
      out.append("## ").append(asks ? "You" : message.facts().model()).append("\n\n");
      out.append(message.text().strip()).append("\n\n");
    }
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private List<ChatMessage> branch() {
    List<ChatMessage> branch = new ArrayList<>();
    long from = thread.leafId();
    while (from != 0) {
      var window = desk.tree().window(person.owner(), thread.id(), from, PIECE);
      branch.addAll(0, window.messages());
      from = window.before();
    }
    return branch;
  }

  byte[] json() {
    ObjectNode out = JSON.createObjectNode();
    out.put("id", thread.id().toString()).put("title", thread.title());
    out.put("created", thread.created().toString()).put("changed", thread.changed().toString());
    out.put("system", thread.settings().system());
    out.set("parameters", JSON.readTree(thread.settings().parameters()));
    out.put("leaf", thread.leafId());
    ArrayNode messages = out.putArray("messages");
    long after = 0;
    List<ChatMessage> piece;
    do {
      piece = desk.tree().all(person.owner(), thread.id(), after, PIECE);
      var files = desk.attachments().of(person.owner(), piece);
      for (ChatMessage message : piece) {
        add(messages.addObject(), message, files.getOrDefault(message.id(), List.of()));
        after = message.id();
      }
    } while (piece.size() == PIECE);
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(out);
  }

  private static void add(ObjectNode out, ChatMessage message, List<Attachment> files) {
    out.put("id", message.id());
    if (message.parentId() != 0) {
      out.put("parent", message.parentId());
    }
    out.put("role", message.role().label()).put("state", message.state().label());
    out.put("created", message.created().toString()).put("text", message.text());
    if (!message.thoughts().isEmpty()) {
      out.put("thoughts", message.thoughts());
    }
    if (!message.reason().isEmpty()) {
      out.put("reason", message.reason()).put("note", message.note());
    }
    if (message.role() == ChatMessage.Role.ASSISTANT) {
      answer(out, message.facts());
    }
    if (!files.isEmpty()) {
      ArrayNode list = out.putArray("files");
      for (Attachment file : files) {
        list.addObject()
            .put("name", file.name())
            .put("kind", file.kind())
            .put("text", file.content());
      }
    }
  }

  private static void answer(ObjectNode out, AnswerFacts facts) {
    out.put("model", facts.model());
    out.set("parameters", JSON.readTree(facts.parameters()));
    out.put("input_tokens", facts.inputTokens()).put("cached_tokens", facts.cachedTokens());
    out.put("output_tokens", facts.outputTokens());
    if (!facts.currency().isEmpty()) {
      out.put("price_nano", facts.priceNanos()).put("currency", facts.currency());
    }
    facts.requestId().ifPresent(id -> out.put("request_id", id.toString()));
  }
}
