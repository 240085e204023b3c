package io.yuntai.dialect.dashscope;

import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.AnswerHead;
import io.yuntai.dialect.AnswerStream;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.FinishReason;
import io.yuntai.dialect.TokenLogprob;
import io.yuntai.dialect.Usage;
import io.yuntai.dialect.json.JsonBytes;
import io.yuntai.dialect.openai.AnswerJson;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One answer's events to server-sent events, each with what is new or with all so far, and each
 * with the usage so far. For one thread.
 */
public final class DashScopeStream implements AnswerStream {
  private static final byte[] NOTHING = {};
  private static final byte[] COMMENT = ":keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);

  private final AnswerHead head;
  private final DashScopeFormat format;
  private final String requestId;
  private final Map<Integer, Piece> choices = new TreeMap<>();
  private Usage usage = new Usage(0, 0, 0, 0);
  private int events;

  /** What a choice says: since the last piece, or from its beginning. */
  private static final class Piece {
    private final StringBuilder reasoning = new StringBuilder();
    private final StringBuilder text = new StringBuilder();
    private final List<TokenLogprob> logprobs = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private @Nullable FinishReason reason;

    void clear() {
      reasoning.setLength(0);
      text.setLength(0);
      logprobs.clear();
      calls.clear();
    }
  }

  /**
   * A call in a piece.
   *
   * @param id empty, like the name, where its call began in an earlier piece
   */
  private record Call(int index, String id, String name, StringBuilder arguments) {}

  /**
   * @param head what all events have in common
   * @param format what the client wants
   * @param requestId for each event
   */
  public DashScopeStream(AnswerHead head, DashScopeFormat format, String requestId) {
    this.head = head;
    this.format = format;
    this.requestId = requestId;
  }

  /** A comment line, for silence. */
  public static byte[] comment() {
    return COMMENT.clone();
  }

  @Override
  public byte[] encode(AnswerEvent event) {
    return switch (event) {
      case AnswerEvent.Counted so -> {
        usage = so.usage();
        yield NOTHING;
      }
      case AnswerEvent.Started started -> {
        choices.put(started.choice(), new Piece());
        yield NOTHING;
      }
      case AnswerEvent.ReasoningSigned _ -> NOTHING;
      case AnswerEvent.Reasoning thought -> {
        Piece piece = piece(thought.choice());
        piece.reasoning.append(thought.text());
        yield result(thought.choice(), piece);
      }
      case AnswerEvent.Delta delta -> {
        Piece piece = piece(delta.choice());
        piece.text.append(delta.text());
        piece.logprobs.addAll(delta.logprobs());
        yield result(delta.choice(), piece);
      }
      case AnswerEvent.CallStarted call -> {
        Piece piece = piece(call.choice());
        piece.calls.add(new Call(call.call(), call.id(), call.name(), new StringBuilder()));
        yield result(call.choice(), piece);
      }
      case AnswerEvent.CallArguments more -> {
        Piece piece = piece(more.choice());
        call(piece, more.call()).arguments.append(more.json());
        yield result(more.choice(), piece);
      }
      // Said with the last usage, which comes next.
      case AnswerEvent.ChoiceFinished end -> {
        piece(end.choice()).reason = end.reason();
        yield NOTHING;
      }
      case AnswerEvent.Finished end -> finished(end.usage());
      case AnswerEvent.Failed failed -> failed(failed.error());
    };
  }

  private Piece piece(int choice) {
    Piece piece = choices.computeIfAbsent(choice, _ -> new Piece());
    if (format.incremental()) {
      piece.clear();
    }
    return piece;
  }

  private static Call call(Piece piece, int index) {
    for (Call call : piece.calls) {
      if (call.index == index) {
        return call;
      }
    }
    Call more = new Call(index, "", "", new StringBuilder());
    piece.calls.add(more);
    return more;
  }

  private byte[] finished(Usage last) {
    usage = last;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    choices.forEach((choice, piece) -> {
      if (format.incremental()) {
        piece.clear();
      }
      out.writeBytes(result(choice, piece));
    });
    return out.toByteArray();
  }

  private byte[] result(int choice, Piece piece) {
    JsonBytes out = begin("result", 200, 512 + 2 * piece.text.length());
    out.raw("{\"output\":");
    String finish = piece.reason == null ? "null" : AnswerJson.nameOf(piece.reason);
    if (format.messages()) {
      out.raw("{\"choices\":[{\"index\":").number(choice);
      out.raw(",\"message\":{\"role\":\"assistant\",\"content\":");
      DashScopeJson.content(out, piece.text.toString(), format.parts());
      if (!piece.reasoning.isEmpty()) {
        out.raw(",\"reasoning_content\":").text(piece.reasoning.toString());
      }
      calls(out, piece.calls);
      out.raw("}");
      if (head.logprobs() && !piece.logprobs.isEmpty()) {
        out.raw(",\"logprobs\":");
        AnswerJson.chatLogprobs(out, piece.logprobs);
      }
      out.raw(",\"finish_reason\":").text(finish).raw("}]}");
    } else {
      out.raw("{\"text\":").text(piece.text.toString());
      if (!piece.reasoning.isEmpty()) {
        out.raw(",\"reasoning_content\":").text(piece.reasoning.toString());
      }
      out.raw(",\"finish_reason\":").text(finish).raw("}");
    }
    out.raw(",\"usage\":");
    DashScopeJson.usage(out, usage);
    return out.raw(",\"request_id\":").text(requestId).raw("}\n\n").toBytes();
  }

  private static void calls(JsonBytes out, List<Call> calls) {
    if (calls.isEmpty()) {
      return;
    }
    out.raw(",\"tool_calls\":[");
    for (int i = 0; i < calls.size(); i++) {
      Call call = calls.get(i);
      out.raw(i == 0 ? "" : ",").raw("{\"index\":").number(call.index).raw(",\"id\":");
      out.text(call.id).raw(",\"type\":\"function\",\"function\":{");
      if (!call.name.isEmpty()) {
        out.raw("\"name\":").text(call.name).raw(",");
      }
      out.raw("\"arguments\":").text(call.arguments.toString()).raw("}}");
    }
    out.raw("]");
  }

  private byte[] failed(ApiError error) {
    return begin("error", error.status(), 256)
        .raw(DashScopeErrors.encode(error, requestId))
        .raw("\n\n")
        .toBytes();
  }

  /** The status is a comment to readers of server-sent events; DashScope's own read it. */
  private JsonBytes begin(String event, int status, int expectedBytes) {
    return new JsonBytes(expectedBytes)
        .raw("id:")
        .number(++events)
        .raw("\nevent:")
        .raw(event)
        .raw("\n:HTTP_STATUS/")
        .number(status)
        .raw("\ndata:");
  }
}
