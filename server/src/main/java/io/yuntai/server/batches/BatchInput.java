package io.yuntai.server.batches;

import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.json.Fields;
import io.yuntai.dialect.json.JsonBody;
import io.yuntai.server.batches.Batch.Fault;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** A file of requests, one JSON object in each line. Read line by line, whatever its size. */
final class BatchInput implements AutoCloseable {
  /** Most requests in a batch. */
  static final int LINES_MAX = 50_000;

  private static final int LINE_BYTES_MAX = 4 << 20;
  private static final int CUSTOM_ID_CHARS_MAX = 512;
  private static final int FAULTS_MAX = 100;

  private final InputStream in;
  private int line;

  /**
   * A request.
   *
   * @param line from 1
   * @param customId its owner's name for it
   * @param body JSON, as it would be sent alone
   */
  record Line(int line, String customId, byte[] body) {}

  /** What a whole file was found to be. */
  record Check(int lines, List<Fault> faults) {}

  BatchInput(Path file) throws IOException {
    in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
  }

  /**
   * Looks at every line: each a request to this endpoint, names distinct, one model for all.
   *
   * @return at most 100 faults
   */
  static Check check(Path file, String endpoint) throws IOException {
    Set<String> names = new HashSet<>();
    List<Fault> faults = new ArrayList<>();
    Optional<String> model = Optional.empty();
    int lines = 0;
    try (BatchInput input = new BatchInput(file)) {
      while (faults.size() < FAULTS_MAX) {
        try {
          Optional<byte[]> text = input.nextText();
          if (text.isEmpty()) {
            break;
          }
          if (++lines > LINES_MAX) {
            faults.add(
                new Fault(
                    "too_many_requests",
                    "A batch has at most %,d requests.".formatted(LINES_MAX),
                    input.line));
            break;
          }
          JsonNode node = JsonBody.parse(text.get());
          Line read = request(node, endpoint, input.line);
          if (!names.add(read.customId())) {
            throw new FaultException(
                "duplicate_custom_id",
                "The custom_id '%s' is used by an earlier line.".formatted(read.customId()));
          }
          String asked = node.path("body").path("model").asString("");
          if (model.isPresent() && !model.get().equals(asked)) {
            throw new FaultException(
                "mismatched_model",
                "All requests of a batch go to one model; the first line's is '%s'."
                    .formatted(model.get()));
          }
          model = Optional.of(asked);
        } catch (FaultException e) {
          faults.add(new Fault(e.code(), String.valueOf(e.getMessage()), input.line));
        } catch (ApiException e) {
          faults.add(new Fault("invalid_json_line", e.error().message(), input.line));
        }
      }
    }
    if (lines == 0 && faults.isEmpty()) {
      faults.add(new Fault("empty_file", "The file has no requests.", null));
    }
    return new Check(lines, faults);
  }

  /** The next request of a file that was checked; empty at its end. */
  Optional<Line> next(String endpoint) throws IOException {
    try {
      Optional<byte[]> text = nextText();
      return text.isEmpty()
          ? Optional.empty()
          : Optional.of(request(JsonBody.parse(text.get()), endpoint, line));
    } catch (ApiException | FaultException e) {
      throw new IOException("line " + line + " has changed since it was checked", e);
    }
  }

  private static Line request(JsonNode node, String endpoint, int line)
      throws ApiException, FaultException {
    Fields fields = new Fields(node, "");
    String customId = fields.requiredText("custom_id", CUSTOM_ID_CHARS_MAX);
    String method = fields.requiredText("method", 16);
    if (!method.equals("POST")) {
      throw new FaultException("invalid_method", "The method is POST, not '" + method + "'.");
    }
    String url = fields.requiredText("url", 256);
    if (!url.equals(endpoint)) {
      throw new FaultException(
          "mismatched_endpoint",
          "The batch is for '%s', but the line's url is '%s'.".formatted(endpoint, url));
    }
    JsonNode body = node.path("body");
    if (!body.isObject()) {
      throw new FaultException("invalid_body", "The body is a JSON object.");
    }
    return new Line(line, customId, body.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** The next line that is not blank; what is longer than the bound is skipped to its end. */
  private Optional<byte[]> nextText() throws IOException, FaultException {
    while (true) {
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      int next = in.read();
      if (next < 0) {
        return Optional.empty();
      }
      line++;
      boolean tooLong = false;
      for (; next >= 0 && next != '\n'; next = in.read()) {
        tooLong |= text.size() >= LINE_BYTES_MAX;
        if (!tooLong) {
          text.write(next);
        }
      }
      if (tooLong) {
        throw new FaultException(
            "line_too_long", "A line has at most %,d bytes.".formatted(LINE_BYTES_MAX));
      }
      byte[] bytes = text.toByteArray();
      if (!new String(bytes, StandardCharsets.UTF_8).isBlank()) {
        return Optional.of(bytes);
      }
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private static final class FaultException extends Exception {
    private static final long serialVersionUID = 1;

    private final String code;

    FaultException(String code, String message) {
      super(message);
      this.code = code;
    }

    String code() {
      return code;
    }
  }
}
