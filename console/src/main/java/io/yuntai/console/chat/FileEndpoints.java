package io.yuntai.console.chat;

import io.yuntai.console.chat.files.FileReading;
import io.yuntai.console.chat.files.FileReading.ReadFile;
import io.yuntai.console.page.Audience;
import io.yuntai.console.page.Endpoint;
import io.yuntai.console.page.Visit;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.threads.Attachment;
import io.yuntai.server.http.Exchange;
import io.yuntai.server.http.Upload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/** Files that are sent with a question. */
final class FileEndpoints {
  private static final JsonMapper JSON = new JsonMapper();

  private final ChatDesk desk;
  private final FileReading reading;

  FileEndpoints(ChatDesk desk, FileReading reading) {
    this.desk = desk;
    this.reading = reading;
  }

  List<Endpoint> all() {
    return List.of(
        new Endpoint("POST", "/console/chats/files", Audience.MEMBER, this::add),
        new Endpoint("DELETE", "/console/chats/files/{file}", Audience.MEMBER, this::remove));
  }

  private void add(Visit visit, Exchange exchange)
      throws ApiException, IOException, InterruptedException {
    ChatPerson person = desk.person(visit);
    Path folder = Files.createTempDirectory("yuntai-file");
    try {
      Upload upload = exchange.readUpload(folder, FileReading.MAX_BYTES);
      Path file =
          upload
              .file()
              .orElseThrow(() ->
                  new ApiException(
                      ApiError.invalidField(
                          "missing_required_parameter", "file", "The form has no file.")));
      ReadFile read = reading.read(upload.filename().orElse("file.txt"), file);
      Attachment kept =
          desk.attachments()
              .add(person.owner(), read.name(), read.kind(), read.pages(), read.text());
      exchange.json(
          200,
          JSON.createObjectNode()
              .put("id", kept.id().toString())
              .put("name", kept.name())
              .put("chars", kept.content().length())
              .put("pages", kept.pages())
              .toString()
              .getBytes(StandardCharsets.UTF_8));
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(folder);
  }

  private void remove(Visit visit, Exchange exchange) throws ApiException, IOException {
    ChatPerson person = desk.person(visit);
    String id = visit.place("file");
    try {
      desk.attachments().remove(person.owner(), UUID.fromString(id));
    } catch (IllegalArgumentException _) {
      throw RefusedException.notFound("file", id);
    }
    exchange.json(200, "{}".getBytes(StandardCharsets.UTF_8));
  }
}
