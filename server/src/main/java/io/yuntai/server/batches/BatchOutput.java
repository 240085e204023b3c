package io.yuntai.server.batches;

import io.yuntai.dialect.json.JsonBytes;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The answers of a batch so far: {@code output.jsonl} and {@code error.jsonl}. A line counts once
 * it is on disk; what a killed process left of its last one is cut off. Safe for use by many
 * threads.
 */
final class BatchOutput implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final Path answers;
  private final Path refusals;
  private final Set<String> done = new HashSet<>();
  private final FileChannel answerChannel;
  private final FileChannel refusalChannel;
  private int answered;
  private int refused;

  /** Opens the files of a folder, behind their last whole lines. */
  BatchOutput(Path folder) throws IOException {
    answers = folder.resolve("output.jsonl");
    refusals = folder.resolve("error.jsonl");
    answered = recover(answers);
    refused = recover(refusals);
    answerChannel = FileChannel.open(answers, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    refusalChannel =
        FileChannel.open(refusals, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private int recover(Path file) throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    int lines = 0;
    long whole = 0;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      for (byte[] line = readLine(in);
          line.length > 0 && line[line.length - 1] == '\n';
          line = readLine(in)) {
        JsonNode node = JSON.readTree(line);
        done.add(node.path("custom_id").asString(""));
        whole += line.length;
        lines++;
      }
    } catch (JacksonException e) {
      throw new IOException(file + " is damaged at byte " + whole, e);
    }
    try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
      cut.setLength(whole);
    }
    return lines;
  }

  /** With its line feed; without where the file ends before; empty at the end. */
  private static byte[] readLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0; next = in.read()) {
      line.write(next);
      if (next == '\n') {
        break;
      }
    }
    return line.toByteArray();
  }

  synchronized boolean has(String customId) {
    return done.contains(customId);
  }

  synchronized int answered() {
    return answered;
  }

  synchronized int refused() {
    return refused;
  }

  Path answers() {
    return answers;
  }

  Path refusals() {
    return refusals;
  }

  /** Adds a request's answer or refusal. */
  synchronized void add(String customId, LineAnswer answer) throws IOException {
    JsonBytes line = new JsonBytes(answer.body().length + 256);
    line.raw("{\"id\":").text("batch_" + answer.requestId());
    line.raw(",\"custom_id\":").text(customId);
    line.raw(",\"response\":{\"status_code\":").number(answer.status());
    line.raw(",\"request_id\":").text(answer.requestId());
    line.raw(",\"body\":").raw(answer.body()).raw("},\"error\":null}\n");
    append(customId, answer.status() < 400, line.toBytes());
  }

  /** Adds a request that was never answered. */
  synchronized void addUnanswered(String customId, String code, String message) throws IOException {
    JsonBytes line = new JsonBytes(256);
    line.raw("{\"id\":").text("batch_req_" + Integer.toHexString(customId.hashCode()));
    line.raw(",\"custom_id\":").text(customId);
    line.raw(",\"response\":null,\"error\":{\"code\":").text(code);
    line.raw(",\"message\":").text(message).raw("}}\n");
    append(customId, false, line.toBytes());
  }

  private void append(String customId, boolean good, byte[] line) throws IOException {
    if (!done.add(customId)) {
      throw new IllegalStateException("the request '" + customId + "' is answered already");
    }
    FileChannel channel = good ? answerChannel : refusalChannel;
    ByteBuffer bytes = ByteBuffer.wrap(line);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    channel.force(false);
    if (good) {
      answered++;
    } else {
      refused++;
    }
  }

  @Override
  public void close() throws IOException {
    try (answerChannel;
        refusalChannel) {
      done.clear();
    }
  }
}
