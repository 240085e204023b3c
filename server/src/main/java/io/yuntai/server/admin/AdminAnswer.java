package io.yuntai.server.admin;

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
 */
record AdminAnswer(
    int status, @Nullable JsonNode body, OptionalLong version, @Nullable Document file) {
  /** A file's bytes and the type of its content. */
  record Document(String type, byte[] bytes) {}

  AdminAnswer(int status, @Nullable JsonNode body, OptionalLong version) {
    this(status, body, version, null);
  }

  static AdminAnswer file(String type, byte[] bytes) {
    return new AdminAnswer(200, null, OptionalLong.empty(), new Document(type, bytes));
  }

  static final AdminAnswer NOTHING = new AdminAnswer(204, null, OptionalLong.empty());

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
