package io.yuntai.server.api;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.json.JsonBytes;
import io.yuntai.dialect.openai.OpenAiErrors;
import io.yuntai.ledger.keys.Scope;
import io.yuntai.server.files.FileStore;
import io.yuntai.server.files.StoredFile;
import io.yuntai.server.gateway.Principal;
import io.yuntai.server.http.Api;
import io.yuntai.server.http.Exchange;
import io.yuntai.server.http.Resource;
import io.yuntai.server.http.Upload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** OpenAI's files: {@code /v1/files}, {@code /v1/files/ID}, {@code /v1/files/ID/content}. */
final class FilesApi implements Api {
  private static final String ROOT = "/v1/files";
  private static final List<String> PURPOSES = List.of("batch", "user_data");

  private final Callers callers;
  private final FileStore files;
  private final InstantSource clock;

  FilesApi(Services services, FileStore files, InstantSource clock) {
    this.callers = services.callers();
    this.files = files;
    this.clock = clock;
  }

  @Override
  public boolean owns(String path) {
    return path.equals(ROOT) || path.startsWith(ROOT + "/");
  }

  @Override
  public Optional<Resource> at(String path) {
    if (path.equals(ROOT)) {
      return Optional.of(Resource.get(this::list).andCounted("POST", this::upload));
    }
    String[] parts = path.substring(ROOT.length() + 1).split("/", -1);
    if (parts.length == 1 && !parts[0].isEmpty()) {
      return Optional.of(
          Resource.get(exchange -> exchange.json(200, json(file(exchange, parts[0]))))
              .and("DELETE", exchange -> delete(exchange, parts[0])));
    }
    return parts.length == 2 && parts[1].equals("content")
        ? Optional.of(
            Resource.empty()
                .andCounted(
                    "GET",
                    exchange ->
                        exchange.file(
                            "application/octet-stream", files.content(file(exchange, parts[0])))))
        : Optional.empty();
  }

  @Override
  public ErrorReply error(ApiError error, String requestId) {
    return new ErrorReply(error.status(), OpenAiErrors.encode(error));
  }

  private StoredFile file(Exchange exchange, String id) throws ApiException {
    Principal asker = callers.byBearer(exchange, Scope.FILES);
    return files
        .find(asker.id(), id)
        .orElseThrow(() ->
            new ApiException(
                ApiError.invalidRequest(404, "not_found", "No such File object: " + id)));
  }

  private void upload(Exchange exchange) throws ApiException, IOException, InterruptedException {
    Principal asker = callers.byBearer(exchange, Scope.FILES);
    files.requireRoom(
        asker.id(), exchange.requestHeader("Content-Length").map(FilesApi::length).orElse(0L));
    Upload upload = exchange.readUpload(files.incoming(), FileStore.FILE_BYTES_MAX);
    try {
      exchange.json(200, json(take(asker, upload)));
    } finally {
      if (upload.file().isPresent()) {
        Files.deleteIfExists(upload.file().get());
      }
    }
  }

  private static long length(String header) {
    return header.matches("[0-9]{1,15}") ? Long.parseLong(header) : 0;
  }

  private StoredFile take(Principal asker, Upload upload) throws ApiException, IOException {
    String purpose = upload.fields().getOrDefault("purpose", "");
    if (!PURPOSES.contains(purpose)) {
      throw new ApiException(
          ApiError.invalidField(
              "invalid_value",
              "purpose",
              "Files are for 'batch' or 'user_data', not for '%s'.".formatted(purpose)));
    }
    Path content =
        upload
            .file()
            .orElseThrow(() ->
                new ApiException(
                    ApiError.invalidField(
                        "missing_required_parameter", "file", "The form has no file.")));
    long bytes = Files.size(content);
    files.requireRoom(asker.id(), bytes);
    return files.add(
        new StoredFile(
            files.newId(),
            asker.id(),
            upload.filename().orElse("file"),
            purpose,
            bytes,
            clock.instant().getEpochSecond(),
            null),
        content);
  }

  private void delete(Exchange exchange, String id) throws ApiException, IOException {
    files.delete(file(exchange, id));
    exchange.json(
        200,
        new JsonBytes(96)
            .raw("{\"id\":")
            .text(id)
            .raw(",\"object\":\"file\",\"deleted\":true}")
            .toBytes());
  }

  private void list(Exchange exchange) throws ApiException, IOException {
    Principal asker = callers.byBearer(exchange, Scope.FILES);
    Optional<String> purpose = exchange.query("purpose");
    List<StoredFile> own =
        files.list(asker.id()).stream()
            .filter(file -> purpose.isEmpty() || purpose.get().equals(file.purpose()))
            .toList();
    ListPage<StoredFile> page = ListPage.of(own, StoredFile::id, exchange, 10_000);
    exchange.json(200, page.json(FilesApi::json));
  }

  private static byte[] json(StoredFile file) {
    JsonBytes out = new JsonBytes(320).raw("{\"id\":").text(file.id());
    out.raw(",\"object\":\"file\",\"bytes\":").number(file.bytes());
    out.raw(",\"created_at\":").number(file.createdAt());
    if (file.expiresAt() != null) {
      out.raw(",\"expires_at\":").value(file.expiresAt());
    }
    out.raw(",\"filename\":").text(file.filename());
    out.raw(",\"purpose\":").text(file.purpose());
    return out.raw(",\"status\":\"processed\"}").toBytes();
  }
}
