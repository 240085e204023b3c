package io.yuntai.dialect.responses;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.FinishReason;
import io.yuntai.dialect.Usage;
import io.yuntai.dialect.json.JsonBytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@code response} object, which grows while its answer is written. For one thread. */
public final class ResponseObject {
  private final String id;
  private final long createdEpochSeconds;
  private final ResponsesRequest request;
  private final List<byte[]> items = new ArrayList<>();
  private String status = "in_progress";
  private @Nullable Usage usage;
  private @Nullable ApiError error;
  private @Nullable String incomplete;

  /**
   * @param id its name, {@code resp_} and letters and digits
   * @param createdEpochSeconds when the request came
   */
  public ResponseObject(String id, long createdEpochSeconds, ResponsesRequest request) {
    this.id = id;
    this.createdEpochSeconds = createdEpochSeconds;
    this.request = request;
  }

  /** Its name. */
  public String id() {
    return id;
  }

  /**
   * {@code in_progress}, {@code completed}, {@code incomplete}, {@code failed}, {@code cancelled}.
   */
  public String status() {
    return status;
  }

  String idSuffix() {
    return id.substring(id.indexOf('_') + 1);
  }

  int size() {
    return items.size();
  }

  void add(byte[] item) {
    items.add(item);
  }

  void finish(FinishReason reason, Usage counts) {
    usage = counts;
    switch (reason) {
      case STOP, TOOL_CALLS -> status = "completed";
      case LENGTH -> {
        status = "incomplete";
        incomplete = "max_output_tokens";
      }
      case CONTENT_FILTER -> {
        status = "incomplete";
        incomplete = "content_filter";
      }
    }
  }

  /** It has failed; the items that it has stay. */
  public void fail(ApiError why) {
    status = "failed";
    error = why;
  }

  /** It was cancelled. */
  public void cancel() {
    status = "cancelled";
  }

  /** What it holds: a JSON array of items. */
  public byte[] output() {
    JsonBytes out = new JsonBytes(1024).raw("[");
    for (int i = 0; i < items.size(); i++) {
      out.raw(i == 0 ? "" : ",").raw(items.get(i));
    }
    return out.raw("]").toBytes();
  }

  /** It as JSON. */
  public byte[] json() {
    JsonBytes out = new JsonBytes(1024 + request.echo().length).raw("{\"id\":").text(id);
    out.raw(",\"object\":\"response\",\"created_at\":").number(createdEpochSeconds);
    out.raw(",\"status\":").text(status).raw(",\"error\":");
    if (error == null) {
      out.raw("null");
    } else {
      out.raw("{\"code\":").text(code(error)).raw(",\"message\":").text(error.message()).raw("}");
    }
    out.raw(",\"incomplete_details\":");
    if (incomplete == null) {
      out.raw("null");
    } else {
      out.raw("{\"reason\":").text(incomplete).raw("}");
    }
    out.raw(",\"model\":").text(request.model()).raw(",");
    out.raw(request.echo()).raw("\"output\":").raw(output()).raw(",\"usage\":");
    usage(out);
    return out.raw("}").toBytes();
  }

  /** The API knows few codes; the message says more. */
  private static String code(ApiError error) {
    return error.status() == 429 ? "rate_limit_exceeded" : "server_error";
  }

  private void usage(JsonBytes out) {
    Usage counts = usage;
    if (counts == null) {
      out.raw("null");
      return;
    }
    out.raw("{\"input_tokens\":").number(counts.promptTokens());
    out.raw(",\"input_tokens_details\":{\"cached_tokens\":").number(counts.cachedPromptTokens());
    out.raw(",\"cache_write_tokens\":").number(counts.cacheWriteTokens());
    out.raw("},\"output_tokens\":").number(counts.completionTokens());
    out.raw(",\"output_tokens_details\":{\"reasoning_tokens\":").number(counts.reasoningTokens());
    out.raw("},\"total_tokens\":").number(counts.totalTokens()).raw("}");
  }
}
