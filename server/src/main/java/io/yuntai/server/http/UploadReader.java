package io.yuntai.server.http;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.http.MultiPartFormData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Promise;

/** Reads forms with a file: the file goes to disk as it comes, so its size costs no memory. */
final class UploadReader {
  private static final int FIELD_BYTES_MAX = 8 << 10;
  private static final int PARTS_MAX = 16;

  /** Room for the form around the file. */
  private static final long FORM_BYTES_MAX = 1 << 20;

  /** Longest form of a page, with its files. */
  private static final int SMALL_BYTES_MAX = 1 << 20;

  private static final Duration SMALL_PATIENCE = Duration.ofMinutes(1);

  /** Slow lines get this long; one that stands still is closed by its idle timeout. */
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private UploadReader() {}

  /**
   * Reads a form.
   *
   * @param folder where the file goes
   * @param fileBytesMax longest file
   * @throws ApiException 415, 413, 408 or 400
   */
  static Upload read(Request request, Path folder, long fileBytesMax)
      throws ApiException, InterruptedException {
    String contentType = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    String boundary = contentType == null ? null : MultiPart.extractBoundary(contentType);
    if (contentType == null
        || boundary == null
        || !contentType.strip().toLowerCase(Locale.ROOT).startsWith("multipart/form-data")) {
      throw new ApiException(
          ApiError.invalidRequest(
              415,
              "unsupported_media_type",
              "Send the file as multipart/form-data, with the fields 'purpose' and 'file'."));
    }
    if (request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH)
        > fileBytesMax + FORM_BYTES_MAX) {
      throw tooLarge(fileBytesMax);
    }
    MultiPartFormData.Parser parser = new MultiPartFormData.Parser(boundary);
    parser.setFilesDirectory(folder);
    parser.setMaxMemoryFileSize(FIELD_BYTES_MAX);
    parser.setUseFilesForPartsWithoutFileName(false);
    parser.setMaxFileSize(fileBytesMax);
    parser.setMaxLength(fileBytesMax + FORM_BYTES_MAX);
    parser.setMaxParts(PARTS_MAX);
    parser.setPartHeadersMaxLength(FIELD_BYTES_MAX);
    CompletableFuture<MultiPartFormData.Parts> parsed = new CompletableFuture<>();
    parser.parse(request, Promise.Invocable.toPromise(parsed));
    try (MultiPartFormData.Parts parts = parsed.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      return upload(parts, folder);
    } catch (TimeoutException e) {
      parsed.cancel(true);
      throw new ApiException(
          ApiError.invalidRequest(408, "request_timeout", "The file did not arrive in time."));
    } catch (ExecutionException e) {
      throw refused(String.valueOf(e.getMessage()), fileBytesMax);
    } catch (IOException e) {
      throw new ApiException(
          ApiError.unavailable("disk_full", "The server can't store the file now.", 60));
    }
  }

  /** Whether a request's body is a form with files. */
  static boolean isMultipart(Request request) {
    String contentType = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    return contentType != null
        && contentType.strip().toLowerCase(Locale.ROOT).startsWith("multipart/form-data");
  }

  /**
   * Reads a form of a page with files that are small enough for memory: each is the value of its
   * field, in Base64.
   *
   * @throws ApiException 413, 408 or 400
   */
  static FormFields readForm(Request request) throws ApiException, InterruptedException {
    String boundary =
        MultiPart.extractBoundary(
            String.valueOf(request.getHeaders().get(HttpHeader.CONTENT_TYPE)));
    if (boundary == null) {
      throw refused("no boundary", SMALL_BYTES_MAX);
    }
    if (request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH) > SMALL_BYTES_MAX) {
      throw tooLarge(SMALL_BYTES_MAX);
    }
    MultiPartFormData.Parser parser = new MultiPartFormData.Parser(boundary);
    parser.setMaxMemoryFileSize(-1); // all of it stays in memory
    parser.setMaxFileSize(SMALL_BYTES_MAX);
    parser.setMaxLength(SMALL_BYTES_MAX);
    parser.setMaxParts(PARTS_MAX);
    parser.setPartHeadersMaxLength(FIELD_BYTES_MAX);
    CompletableFuture<MultiPartFormData.Parts> parsed = new CompletableFuture<>();
    parser.parse(request, Promise.Invocable.toPromise(parsed));
    try (MultiPartFormData.Parts parts =
        parsed.get(SMALL_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      Map<String, List<String>> values = new LinkedHashMap<>();
      for (MultiPart.Part part : parts) {
        values
            .computeIfAbsent(String.valueOf(part.getName()), _ -> new ArrayList<>())
            .add(value(part));
      }
      return new FormFields(values);
    } catch (TimeoutException e) {
      parsed.cancel(true);
      throw new ApiException(
          ApiError.invalidRequest(408, "request_timeout", "The form did not arrive in time."));
    } catch (ExecutionException e) {
      throw refused(String.valueOf(e.getMessage()), SMALL_BYTES_MAX);
    } catch (IOException e) {
      throw refused(e.toString(), SMALL_BYTES_MAX);
    }
  }

  private static String value(MultiPart.Part part) throws IOException {
    if (part.getFileName() == null) {
      return part.getContentAsString(StandardCharsets.UTF_8);
    }
    try (InputStream content = Content.Source.asInputStream(part.getContentSource())) {
      return Base64.getEncoder().encodeToString(content.readAllBytes());
    }
  }

  private static Upload upload(MultiPartFormData.Parts parts, Path folder)
      throws ApiException, IOException {
    Map<String, String> fields = new LinkedHashMap<>();
    Optional<Path> file = Optional.empty();
    Optional<String> filename = Optional.empty();
    for (MultiPart.Part part : parts) {
      String name = part.getName() == null ? "" : part.getName();
      if ((name.equals("file") || name.equals("files")) && file.isEmpty()) {
        Path kept = folder.resolve("upload-" + UUID.randomUUID());
        part.writeTo(kept);
        if (!Files.exists(kept)) { // an empty part has no file to move
          Files.createFile(kept);
        }
        file = Optional.of(kept);
        filename = Optional.ofNullable(part.getFileName()).map(UploadReader::lastName);
      } else if (part.getLength() > FIELD_BYTES_MAX) {
        throw new ApiException(
            ApiError.invalidField(
                "string_above_max_length",
                name,
                "The field is longer than %d bytes.".formatted(FIELD_BYTES_MAX)));
      } else {
        fields.putIfAbsent(name, part.getContentAsString(StandardCharsets.UTF_8));
      }
    }
    return new Upload(fields, filename, file);
  }

  /** Clients may send whole paths; only a name is meant. */
  private static String lastName(String filename) {
    String name =
        filename.substring(Math.max(filename.lastIndexOf('/'), filename.lastIndexOf('\\')) + 1);
    return name.length() <= 255 ? name : name.substring(0, 255);
  }

  /**
   * @param reason the parser's
   */
  private static ApiException refused(String reason, long fileBytesMax) {
    if (reason.contains("max") && reason.contains("exceeded")) {
      return tooLarge(fileBytesMax);
    }
    return new ApiException(
        ApiError.invalidRequest(
            400, "invalid_multipart", "The form in the request's body is damaged or breaks off."));
  }

  private static ApiException tooLarge(long fileBytesMax) {
    return new ApiException(
        ApiError.invalidRequest(
            413,
            "request_too_large",
            "The file or its form is longer than this server takes: %,d bytes."
                .formatted(fileBytesMax)));
  }
}
