package io.yuntai.dialect.dashscope;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.json.JsonBody;
import io.yuntai.dialect.json.JsonBytes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What is said of requests that run by themselves. */
public final class DashScopeTasks {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

  private DashScopeTasks() {}

  /** How far a task is. */
  public enum Status {
    PENDING,
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELED,
    /** There is none of this id, or none any more. */
    UNKNOWN
  }

  /**
   * A task.
   *
   * @param id unique
   * @param status how far it is
   * @param submitted when it came
   * @param ended when it ended, where it has
   * @param answer the body of a request that succeeded
   * @param error why it failed
   */
  public record Task(
      String id,
      Status status,
      Instant submitted,
      Optional<Instant> ended,
      Optional<byte[]> answer,
      Optional<ApiError> error) {}

  /** The answer to a request that now runs by itself. */
  public static byte[] encodeStarted(String id, String requestId) {
    return new JsonBytes(128)
        .raw("{\"output\":{\"task_status\":\"PENDING\",\"task_id\":")
        .text(id)
        .raw("},\"request_id\":")
        .text(requestId)
        .raw("}")
        .toBytes();
  }

  /** The answer to a request that a task be ended. */
  public static byte[] encodeCanceled(String requestId) {
    return new JsonBytes(64).raw("{\"request_id\":").text(requestId).raw("}").toBytes();
  }

  /** A task that nobody knows. */
  public static byte[] encodeUnknown(String id, String requestId) {
    return new JsonBytes(128)
        .raw("{\"request_id\":")
        .text(requestId)
        .raw(",\"output\":{\"task_id\":")
        .text(id)
        .raw(",\"task_status\":\"UNKNOWN\"}}")
        .toBytes();
  }

  /**
   * A task as it stands: its answer's output and usage as they would have been, with the task's own
   * fields in the output.
   *
   * @param zone of the times, which carry none
   */
  public static byte[] encode(Task task, ZoneId zone, String requestId) {
    JsonBytes out = new JsonBytes(512).raw("{\"request_id\":").text(requestId);
    out.raw(",\"output\":{\"task_id\":").text(task.id());
    out.raw(",\"task_status\":").text(task.status().name());
    out.raw(",\"submit_time\":").text(TIME.format(task.submitted().atZone(zone)));
    task.ended().ifPresent(at -> out.raw(",\"end_time\":").text(TIME.format(at.atZone(zone))));
    if (task.error().isPresent()) {
      ApiError error = task.error().get();
      out.raw(",\"code\":").text(DashScopeErrors.code(error));
      out.raw(",\"message\":").text(error.message());
    }
    JsonNode usage = null;
    if (task.answer().isPresent()) {
      JsonNode answer = parsed(task.answer().get());
      for (Map.Entry<String, JsonNode> field : answer.get("output").properties()) {
        out.raw(",").text(field.getKey()).raw(":");
        out.raw(field.getValue().toString().getBytes(StandardCharsets.UTF_8));
      }
      usage = answer.get("usage");
    }
    out.raw("}");
    if (usage != null) {
      out.raw(",\"usage\":");
      out.raw(usage.toString().getBytes(StandardCharsets.UTF_8));
    }
    return out.raw("}").toBytes();
  }

  private static JsonNode parsed(byte[] answer) {
    try {
      return JsonBody.parse(answer);
    } catch (ApiException e) {
      throw new IllegalArgumentException("an answer of ours is JSON", e);
    }
  }
}
