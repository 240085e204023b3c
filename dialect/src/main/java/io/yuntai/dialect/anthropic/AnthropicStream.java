package io.yuntai.dialect.anthropic;

import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.AnswerHead;
import io.yuntai.dialect.AnswerStream;
import io.yuntai.dialect.FinishReason;
import io.yuntai.dialect.Usage;
import io.yuntai.dialect.json.JsonBytes;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One answer's events to server-sent events: a message of content blocks, each of which begins,
 * grows and ends before the next. For one thread.
 */
public final class AnthropicStream implements AnswerStream {
  private static final byte[] NOTHING = {};
  private static final byte[] PING =
      "event: ping\ndata: {\"type\":\"ping\"}\n\n".getBytes(StandardCharsets.US_ASCII);

  private final AnswerHead head;
  private final String requestId;

  /** What has been counted before the message begins. */
  private Usage counted = new Usage(0, 0, 0, 0);

  private Block open = Block.NONE;
  private int blocks;
  private boolean signed;
  private FinishReason reason = FinishReason.STOP;
  private Optional<String> stopText = Optional.empty();

  private enum Block {
    NONE,
    THINKING,
    TEXT,
    TOOL_USE
  }

  /**
   * @param head what all events have in common
   * @param requestId for an error on the way
   */
  public AnthropicStream(AnswerHead head, String requestId) {
    this.head = head;
    this.requestId = requestId;
  }

  /** What fills silence; clients skip it. */
  public static byte[] ping() {
    return PING.clone();
  }

  @Override
  public byte[] encode(AnswerEvent event) {
    return switch (event) {
      case AnswerEvent.Counted so -> {
        counted = so.usage();
        yield NOTHING;
      }
      case AnswerEvent.Started _ -> messageStart();
      case AnswerEvent.Reasoning thought ->
          grow(Block.THINKING, "\"thinking_delta\",\"thinking\":", thought.text());
      case AnswerEvent.ReasoningSigned proof -> {
        signed = true;
        yield grow(Block.THINKING, "\"signature_delta\",\"signature\":", proof.signature());
      }
      case AnswerEvent.Delta delta ->
          delta.text().isEmpty()
              ? NOTHING
              : grow(Block.TEXT, "\"text_delta\",\"text\":", delta.text());
      case AnswerEvent.CallStarted call -> callStarted(call);
      case AnswerEvent.CallArguments more ->
          grow(Block.TOOL_USE, "\"input_json_delta\",\"partial_json\":", more.json());
      case AnswerEvent.ChoiceFinished end -> {
        reason = end.reason();
        stopText = end.stopText();
        yield close(new JsonBytes(128)).toBytes();
      }
      case AnswerEvent.Finished end -> finished(end.usage());
      case AnswerEvent.Failed failed ->
          new JsonBytes(256)
              .raw("event: error\ndata: ")
              .raw(AnthropicErrors.encode(failed.error(), requestId))
              .raw("\n\n")
              .toBytes();
    };
  }

  private byte[] messageStart() {
    JsonBytes out = new JsonBytes(512).raw("event: message_start\ndata: ");
    out.raw("{\"type\":\"message_start\",\"message\":{\"id\":").text(AnthropicJson.id(head));
    out.raw(",\"type\":\"message\",\"role\":\"assistant\",\"model\":").text(head.model());
    out.raw(",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":");
    AnthropicJson.usage(out, counted);
    return out.raw("}}\n\n").raw(PING).toBytes();
  }

  private byte[] callStarted(AnswerEvent.CallStarted call) {
    JsonBytes out = close(new JsonBytes(512));
    blockStart(out, Block.TOOL_USE);
    out.raw("{\"type\":\"tool_use\",\"id\":").text(call.id());
    out.raw(",\"name\":").text(call.name()).raw(",\"input\":{}}}\n\n");
    return out.toBytes();
  }

  /** Adds to a block of this kind, which begins where another one or none is open. */
  private byte[] grow(Block kind, String field, String text) {
    JsonBytes out = new JsonBytes(256 + 2 * text.length());
    if (open != kind) {
      close(out);
      blockStart(out, kind);
      out.raw(
          kind == Block.THINKING
              ? "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}}\n\n"
              : "{\"type\":\"text\",\"text\":\"\"}}\n\n");
    }
    delta(out, field, text);
    return out.toBytes();
  }

  private void blockStart(JsonBytes out, Block kind) {
    open = kind;
    signed = false;
    out.raw("event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":");
    out.number(blocks).raw(",\"content_block\":");
  }

  private void delta(JsonBytes out, String field, String text) {
    out.raw("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":");
    out.number(blocks).raw(",\"delta\":{\"type\":").raw(field).text(text).raw("}}\n\n");
  }

  private JsonBytes close(JsonBytes out) {
    if (open != Block.NONE) {
      if (open == Block.THINKING && !signed) {
        delta(out, "\"signature_delta\",\"signature\":", AnthropicJson.UNSIGNED);
      }
      out.raw("event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":");
      out.number(blocks).raw("}\n\n");
      blocks++;
      open = Block.NONE;
    }
    return out;
  }

  private byte[] finished(Usage usage) {
    JsonBytes out = new JsonBytes(512).raw("event: message_delta\ndata: ");
    out.raw("{\"type\":\"message_delta\",\"delta\":{");
    AnthropicJson.stop(out, reason, stopText);
    out.raw("},\"usage\":");
    AnthropicJson.usage(out, usage);
    return out.raw("}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n").toBytes();
  }
}
