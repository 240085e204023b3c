package io.yuntai.server.admin;

import io.yuntai.server.http.Exchange;
import java.io.IOException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What is answered.
 *
 * @param status 200, 201 or 204
 * @param body null for none
 * @param version what the ETag says; empty for none
 * @param file in the place of a body; null for none
 * @param stream writes what is too long for a body; null for none
 */
record AdminAnswer(
    int status,
    @Nullable JsonNode body,
    OptionalLong version,
    @Nullable Document file,
    @Nullable Stream stream) {
  /** A file's bytes and the type of its content. */
  record Document(String type, byte[] bytes) {}

  static AdminAnswer file(String type, byte[] bytes) {
    return new AdminAnswer(200, null, OptionalLong.empty(), new Document(type, bytes), null);
  }

  static final AdminAnswer NOTHING = new AdminAnswer(204, null, OptionalLong.empty());

  AdminAnswer(int status, @Nullable JsonNode body, OptionalLong version) {
    this(status, body, version, null, null);
  }

  /** An answer that is written piece by piece. */
  interface Stream {
    /** What the pieces are. */
    String type();

    /** Writes them. */
    void write(Exchange exchange) throws IOException, InterruptedException;
  }

  static AdminAnswer of(Stream stream) {
    return new AdminAnswer(200, null, OptionalLong.empty(), null, stream);
  }

  static AdminAnswer of(JsonNode body) {
    return new AdminAnswer(200, body, OptionalLong.empty());
  }

  static AdminAnswer of(JsonNode body, long version) {
    return new AdminAnswer(200, body, OptionalLong.of(version));
  }

  static AdminAnswer made(JsonNode body, long version) {
    return new AdminAnswer(201, body, OptionalLong.of(version));
  }
}
