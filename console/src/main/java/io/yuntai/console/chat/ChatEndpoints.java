package io.yuntai.console.chat;

import io.yuntai.console.page.Audience;
import io.yuntai.console.page.Endpoint;
import io.yuntai.console.page.Visit;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.threads.ChatMessage;
import io.yuntai.ledger.threads.ChatThread;
import io.yuntai.ledger.threads.ChatThread.ThreadSettings;
import io.yuntai.ledger.threads.Messages.Begun;
import io.yuntai.server.http.Exchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the chat's script asks to be done. */
final class ChatEndpoints {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int TITLE_CHARS = 60;

  private final ChatDesk desk;

  ChatEndpoints(ChatDesk desk) {
    this.desk = desk;
  }

  List<Endpoint> all() {
    return List.of(
        post("/console/chat/ask", this::ask),
        post(ThreadPages.THREAD + "/again", this::again),
        post(ThreadPages.THREAD + "/continue", this::goOn),
        post(ThreadPages.THREAD + "/stop", this::stop),
        post(ThreadPages.THREAD + "/choose", this::choose),
        post(ThreadPages.THREAD + "/settings", this::settings),
        post(ThreadPages.THREAD + "/rename", this::rename),
        post(ThreadPages.THREAD + "/archive", this::archive),
        post(ThreadPages.THREAD + "/delete", this::delete));
  }

  /** Does one thing for somebody. */
  private interface Deed {
    ObjectNode on(Visit visit, ChatPerson person, JsonNode body)
        throws ApiException, InterruptedException;
  }

  private Endpoint post(String path, Deed deed) {
    return new Endpoint(
        "POST",
        path,
        Audience.MEMBER,
        (visit, exchange) -> {
          JsonNode body = exchange.readJson(ChatEndpoints::object);
          answer(exchange, deed.on(visit, desk.person(visit), body));
        });
  }

  private static JsonNode object(byte[] body) throws ApiException {
    try {
      JsonNode node = JSON.readTree(body);
      if (node.isObject()) {
        return node;
      }
    } catch (JacksonException _) {
      // Said below.
    }
    throw new ApiException(
        ApiError.invalidRequest(400, "invalid_json", "The body is not one JSON object in UTF-8."));
  }

  private static void answer(Exchange exchange, ObjectNode answer) throws IOException {
    exchange.json(200, answer.toString().getBytes(StandardCharsets.UTF_8));
  }

  private ChatThread thread(Visit visit, ChatPerson person) {
    return desk.threads().find(person.owner(), ThreadPages.id(visit, "thread"));
  }

  private static long message(JsonNode body) {
    return body.path("message").asLong(0);
  }

  private ObjectNode ask(Visit visit, ChatPerson person, JsonNode body) throws ApiException {
    String text = body.path("text").asString("").strip();
    List<UUID> files = files(body);
    if (text.isEmpty() && files.isEmpty()) {
      throw new ApiException(
          ApiError.invalidField("missing_required_parameter", "text", "Write something first."));
    }
    ThreadSettings settings = settingsOf(body);
    String id = body.path("thread").asString("");
    ChatThread thread;
    if (id.isEmpty()) {
      thread = desk.threads().create(person.owner(), title(text), settings);
    } else {
      UUID known = uuid(id);
      desk.threads().change(person.owner(), known, settings);
      thread = desk.threads().find(person.owner(), known);
    }
    return begun(
        thread, desk.ask(visit, person, thread, body.path("parent").asLong(0), text, files));
  }

  private static UUID uuid(String text) throws ApiException {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException _) {
      throw new ApiException(
          ApiError.invalidField("invalid_value", "id", "This is no id that was given here."));
    }
  }

  private static List<UUID> files(JsonNode body) throws ApiException {
    List<UUID> files = new ArrayList<>();
    for (JsonNode file : body.path("files")) {
      files.add(uuid(file.asString("")));
    }
    return files;
  }

  private static ThreadSettings settingsOf(JsonNode body) throws ApiException {
    List<String> models = new ArrayList<>();
    for (JsonNode model : body.path("models")) {
      String name = model.asString("");
      if (!name.isEmpty() && name.length() <= 300 && models.size() < 2) {
        models.add(name);
      }
    }
    return new ThreadSettings(
        body.path("system").asString(""),
        models,
        ChatParameters.of(body.path("parameters")).json());
  }

  /** The first line of the first question, shortened at a word. */
  private static String title(String text) {
    String line = text.lines().filter(l -> !l.isBlank()).findFirst().orElse("").strip();
    String plain = line.replaceAll("[\\p{Cntrl}]", " ");
    if (plain.length() <= TITLE_CHARS) {
      return plain;
    }
    int end = plain.lastIndexOf(' ', TITLE_CHARS);
    int cut = end > TITLE_CHARS / 2 ? end : TITLE_CHARS;
    return plain.substring(0, Character.isHighSurrogate(plain.charAt(cut - 1)) ? cut - 1 : cut)
        + "…";
  }

  private static ObjectNode begun(ChatThread thread, Begun begun) {
    ObjectNode out = JSON.createObjectNode();
    out.put("thread", thread.id().toString()).put("title", thread.title());
    out.put("question", begun.question().id());
    ArrayNode answers = out.putArray("answers");
    begun.answers().forEach(answer -> answers.add(answer.id()));
    return out;
  }

  private ObjectNode again(Visit visit, ChatPerson person, JsonNode body) throws ApiException {
    ChatThread thread = thread(visit, person);
    if (body.has("models")) {
      desk.threads().change(person.owner(), thread.id(), settingsOf(body));
      thread = thread(visit, person);
    }
    ChatMessage answer = desk.message(person, thread.id(), message(body));
    return begun(thread, desk.askAgain(visit, person, thread, answer.parentId()));
  }

  private ObjectNode goOn(Visit visit, ChatPerson person, JsonNode body) {
    ChatMessage answer = desk.resume(visit, person, thread(visit, person), message(body));
    return JSON.createObjectNode().put("message", answer.id());
  }

  private ObjectNode stop(Visit visit, ChatPerson person, JsonNode body) {
    ChatMessage answer = desk.message(person, ThreadPages.id(visit, "thread"), message(body));
    desk.answering().stop(answer.id());
    return JSON.createObjectNode();
  }

  private ObjectNode choose(Visit visit, ChatPerson person, JsonNode body) {
    long leaf = desk.tree().choose(person.owner(), ThreadPages.id(visit, "thread"), message(body));
    return JSON.createObjectNode().put("leaf", leaf);
  }

  private ObjectNode settings(Visit visit, ChatPerson person, JsonNode body) throws ApiException {
    desk.threads().change(person.owner(), ThreadPages.id(visit, "thread"), settingsOf(body));
    return JSON.createObjectNode();
  }

  private ObjectNode rename(Visit visit, ChatPerson person, JsonNode body) {
    desk.threads()
        .rename(
            person.owner(),
            ThreadPages.id(visit, "thread"),
            body.path("title").asString("").strip());
    return JSON.createObjectNode();
  }

  private ObjectNode archive(Visit visit, ChatPerson person, JsonNode body) {
    desk.threads()
        .archive(
            person.owner(), ThreadPages.id(visit, "thread"), body.path("archived").asBoolean(true));
    return JSON.createObjectNode();
  }

  private ObjectNode delete(Visit visit, ChatPerson person, JsonNode body) {
    ChatThread thread = thread(visit, person);
    desk.answering().stop(thread.leafId());
    desk.threads().delete(person.owner(), thread.id());
    return JSON.createObjectNode();
  }
}
