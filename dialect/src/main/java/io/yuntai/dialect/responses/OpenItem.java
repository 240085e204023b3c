package io.yuntai.dialect.responses;

import io.yuntai.dialect.TokenLogprob;
import io.yuntai.dialect.json.JsonBytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** An item of an answer while it is written. For one thread. */
final class OpenItem {
  /** What it is. */
  enum Kind {
    REASONING,
    MESSAGE,
    FUNCTION_CALL,
    CUSTOM_CALL
  }

  private final Kind kind;
  private final String id;
  private final String callId;
  private final String name;
  private final boolean encrypted;
  private final StringBuilder text = new StringBuilder();
  private final List<TokenLogprob> logprobs = new ArrayList<>();

  /**
   * @param callId of a call
   * @param name of a call's tool
   * @param encrypted whether thoughts carry what gives them back
   */
  OpenItem(Kind kind, String id, String callId, String name, boolean encrypted) {
    this.kind = kind;
    this.id = id;
    this.callId = callId;
    this.name = name;
    this.encrypted = encrypted;
  }

  Kind kind() {
    return kind;
  }

  String id() {
    return id;
  }

  String name() {
    return name;
  }

  /** Words, thoughts, or a function's arguments so far. */
  String text() {
    return text.toString();
  }

  List<TokenLogprob> logprobs() {
    return logprobs;
  }

  void append(String more) {
    text.append(more);
  }

  void append(List<TokenLogprob> more) {
    logprobs.addAll(more);
  }

  /** What a custom tool is given. */
  String input() {
    return CustomInput.of(text.toString());
  }

  /**
   * It as JSON.
   *
   * @param status {@code in_progress}, {@code completed} or {@code incomplete}
   */
  byte[] json(String status) {
    boolean begun = !status.equals("in_progress");
    JsonBytes out = new JsonBytes(256 + 2 * text.length()).raw("{\"id\":").text(id);
    switch (kind) {
      case MESSAGE -> {
        out.raw(",\"type\":\"message\",\"status\":").text(status);
        out.raw(",\"role\":\"assistant\",\"content\":[");
        out.raw(begun ? part() : new byte[0]).raw("]}");
      }
      case REASONING -> {
        out.raw(",\"type\":\"reasoning\",\"summary\":[],\"content\":[");
        out.raw(begun ? part() : new byte[0]).raw("]");
        if (encrypted && begun) {
          out.raw(",\"encrypted_content\":").text(packed());
        }
        out.raw("}");
      }
      case FUNCTION_CALL -> {
        out.raw(",\"type\":\"function_call\",\"status\":").text(status);
        out.raw(",\"call_id\":").text(callId).raw(",\"name\":").text(name);
        out.raw(",\"arguments\":").text(begun ? text.toString() : "").raw("}");
      }
      case CUSTOM_CALL -> {
        out.raw(",\"type\":\"custom_tool_call\",\"status\":").text(status);
        out.raw(",\"call_id\":").text(callId).raw(",\"name\":").text(name);
        out.raw(",\"input\":").text(begun ? input() : "").raw("}");
      }
    }
    return out.toBytes();
  }

  private String packed() {
    return ResponseItems.ENCRYPTED_PREFIX
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** The one part of its content. */
  byte[] part() {
    return part(text.toString());
  }

  /** That part before there is anything in it. */
  byte[] emptyPart() {
    return part("");
  }

  private byte[] part(String words) {
    JsonBytes out = new JsonBytes(128 + 2 * words.length());
    if (kind == Kind.REASONING) {
      return out.raw("{\"type\":\"reasoning_text\",\"text\":").text(words).raw("}").toBytes();
    }
    out.raw("{\"type\":\"output_text\",\"text\":").text(words);
    out.raw(",\"annotations\":[],\"logprobs\":");
    ResponseLogprobs.write(out, words.isEmpty() ? List.of() : logprobs);
    return out.raw("}").toBytes();
  }
}
