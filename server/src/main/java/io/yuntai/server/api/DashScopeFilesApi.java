package io.yuntai.server.api;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.dashscope.DashScopeErrors;
import io.yuntai.dialect.json.JsonBytes;
import io.yuntai.ledger.keys.Scope;
import io.yuntai.server.files.FileStore;
import io.yuntai.server.files.StoredFile;
import io.yuntai.server.gateway.Principal;
import io.yuntai.server.http.Api;
import io.yuntai.server.http.Exchange;
import io.yuntai.server.http.PercentEncoding;
import io.yuntai.server.http.Resource;
import io.yuntai.server.http.Upload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/**
 * DashScope's own files, {@code /api/v1/files}: the same that the compatible mode shows, in
 * DashScope's shape.
 */
final class DashScopeFilesApi implements Api {
  private static final String ROOT = "/api/v1/files";

  /** What its SDKs send no purpose for is input of some kind. */
  private static final String USUAL_PURPOSE = "batch";

  private static final int DEFAULT_PAGE_SIZE = 10;
  private static final int MAX_PAGE_SIZE = 1000;

  /** DashScope tells times as they are in Beijing. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.of("Asia/Shanghai"));

  private final Callers callers;
  private final FileStore files;
  private final InstantSource clock;

  DashScopeFilesApi(Services services, FileStore files, InstantSource clock) {
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
    String id = PercentEncoding.decode(path.substring(ROOT.length() + 1));
    return Optional.of(
        Resource.get(exchange -> tell(exchange, id))
            .and("DELETE", exchange -> delete(exchange, id)));
  }

  @Override
  public ErrorReply error(ApiError error, String requestId) {
    return new ErrorReply(error.status(), DashScopeErrors.encode(error, requestId));
  }

  private StoredFile file(Exchange exchange, String id) throws ApiException {
    Principal asker = callers.byBearer(exchange, Scope.FILES);
    return files
        .find(asker.id(), id)
        .orElseThrow(() ->
            new ApiException(ApiError.invalidRequest(404, "not_found", "File not found: " + id)));
  }

  private void upload(Exchange exchange) throws ApiException, IOException, InterruptedException {
    Principal asker = callers.byBearer(exchange, Scope.FILES);
    files.requireRoom(asker.id(), 0);
    Upload upload = exchange.readUpload(files.incoming(), FileStore.FILE_BYTES_MAX);
    try {
      StoredFile file = take(asker, upload);
      JsonBytes out = envelope(exchange).raw("{\"uploaded_files\":[{\"name\":");
      out.text(file.filename()).raw(",\"file_id\":").text(file.id());
      exchange.json(200, out.raw("}],\"failed_uploads\":[]}}").toBytes());
    } finally {
      if (upload.file().isPresent()) {
        Files.deleteIfExists(upload.file().get());
      }
    }
  }

  private StoredFile take(Principal asker, Upload upload) throws ApiException, IOException {
    Path content =
        upload
            .file()
            .orElseThrow(() ->
                new ApiException(
                    ApiError.invalidField(
                        "missing_required_parameter", "files", "The form has no file.")));
    String purpose = upload.fields().getOrDefault("purpose", USUAL_PURPOSE);
    if (purpose.startsWith("fine")) {
      throw new ApiException(
          ApiError.invalidField(
              "unsupported_value",
              "purpose",
              "Files for 'fine-tune' have no use here: this server does not train models."));
    }
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

  private void tell(Exchange exchange, String id) throws ApiException, IOException {
    JsonBytes out = envelope(exchange);
    file(out, file(exchange, id));
    exchange.json(200, out.raw("}").toBytes());
  }

  private void delete(Exchange exchange, String id) throws ApiException, IOException {
    files.delete(file(exchange, id));
    exchange.json(200, envelope(exchange).raw("{\"deleted\":true}}").toBytes());
  }

  private void list(Exchange exchange) throws ApiException, IOException {
    List<StoredFile> own = files.list(callers.byBearer(exchange, Scope.FILES).id());
    int page = number(exchange, "page_no", 1, Integer.MAX_VALUE);
    int size = number(exchange, "page_size", DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
    long from = Math.min((page - 1L) * size, own.size());
    long to = Math.min(from + size, own.size());
    JsonBytes out = envelope(exchange).raw("{\"total\":").number(own.size());
    out.raw(",\"page_no\":").number(page).raw(",\"page_size\":").number(size);
    out.raw(",\"files\":[");
    for (int i = (int) from; i < to; i++) {
      out.raw(i == from ? "" : ",");
      file(out, own.get(i));
    }
    exchange.json(200, out.raw("]}}").toBytes());
  }

  private static int number(Exchange exchange, String name, int usual, int most)
      throws ApiException {
    Optional<String> text = exchange.query(name);
    if (text.isEmpty()) {
      return usual;
    }
    if (text.get().matches("[1-9][0-9]{0,8}") && Integer.parseInt(text.get()) <= most) {
      return Integer.parseInt(text.get());
    }
    throw new ApiException(
        ApiError.invalidField(
            "invalid_value", name, "'%s' is a number from 1 to %d.".formatted(name, most)));
  }

  private static JsonBytes envelope(Exchange exchange) {
    return new JsonBytes(320).raw("{\"request_id\":").text(exchange.requestId()).raw(",\"data\":");
  }

  private static void file(JsonBytes out, StoredFile file) {
    String created = TIME.format(Instant.ofEpochSecond(file.createdAt()));
    out.raw("{\"file_id\":").text(file.id()).raw(",\"name\":").text(file.filename());
    out.raw(",\"description\":\"\",\"purpose\":").text(file.purpose());
    out.raw(",\"size\":").number(file.bytes()).raw(",\"gmt_create\":").text(created);
    out.raw(",\"upload_time\":").text(created).raw("}");
  }
}
