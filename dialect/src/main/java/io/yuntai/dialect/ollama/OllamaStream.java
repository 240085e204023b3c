package io.yuntai.dialect.ollama;

import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.AnswerHead;
import io.yuntai.dialect.AnswerStream;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.FinishReason;
import io.yuntai.dialect.TokenLogprob;
import io.yuntai.dialect.Usage;
import io.yuntai.dialect.json.JsonBody;
import io.yuntai.dialect.json.JsonBytes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One answer's events to a JSON object a line, or to one object at its end; a call of a tool comes
 * as a whole. For one thread.
 */
public final class OllamaStream implements AnswerStream {
  private static final byte[] NOTHING = {};

  private final AnswerHead head;
  private final boolean chat;
  private final boolean pieces;
  private final InstantSource clock;
  private final Instant begin;
  private @Nullable Instant firstToken;

  /** What is not yet written: all of it where the answer is one object. */
  private final StringBuilder text = new StringBuilder();

  private final StringBuilder thinking = new StringBuilder();
  private final List<Call> calls = new ArrayList<>();
  private final List<TokenLogprob> logprobs = new ArrayList<>();
  private FinishReason reason = FinishReason.STOP;

  private record Call(String id, String name, StringBuilder arguments) {}

  /**
   * @param head what all pieces have in common
   * @param chat whether it is a message, or a text
   * @param pieces whether it is written as it comes, or at its end
   * @param clock for times and durations; the answer begins now
   */
  public OllamaStream(AnswerHead head, boolean chat, boolean pieces, InstantSource clock) {
    this.head = head;
    this.chat = chat;
    this.pieces = pieces;
    this.clock = clock;
    this.begin = clock.instant();
  }

  /** The answer to a request for a model that is in memory anyway. */
  public static byte[] loaded(OllamaCall.Load load, Instant now) {
    JsonBytes out = new JsonBytes(256).raw("{\"model\":").text(load.model());
    out.raw(",\"created_at\":").text(now.toString());
    out.raw(
        load.chat()
            ? ",\"message\":{\"role\":\"assistant\",\"content\":\"\"}"
            : ",\"response\":\"\"");
    out.raw(",\"done\":true,\"done_reason\":\"");
    return out.raw(load.unload() ? "unload\"}\n" : "load\"}\n").toBytes();
  }

  @Override
  public byte[] encode(AnswerEvent event) {
    return switch (event) {
      case AnswerEvent.Counted _, AnswerEvent.ReasoningSigned _ -> NOTHING;
      case AnswerEvent.Started _ -> {
        firstToken = clock.instant();
        yield NOTHING;
      }
      case AnswerEvent.Delta delta -> {
        text.append(delta.text());
        logprobs.addAll(delta.logprobs());
        yield piece();
      }
      case AnswerEvent.Reasoning thought -> {
        thinking.append(thought.text());
        yield piece();
      }
      case AnswerEvent.CallStarted call -> {
        byte[] before = calls.isEmpty() ? NOTHING : piece();
        calls.add(new Call(call.id(), call.name(), new StringBuilder()));
        yield before;
      }
      case AnswerEvent.CallArguments more -> {
        calls.getLast().arguments.append(more.json());
        yield NOTHING;
      }
      case AnswerEvent.ChoiceFinished end -> {
        reason = end.reason();
        yield calls.isEmpty() ? NOTHING : piece();
      }
      case AnswerEvent.Finished end -> last(end.usage());
      case AnswerEvent.Failed failed -> line(OllamaErrors.encode(failed.error()));
    };
  }

  private byte[] piece() {
    if (!pieces) {
      return NOTHING;
    }
    JsonBytes out = begin(256 + 2 * text.length());
    said(out);
    return out.raw(",\"done\":false}\n").toBytes();
  }

  private JsonBytes begin(int expectedBytes) {
    return new JsonBytes(expectedBytes)
        .raw("{\"model\":")
        .text(head.model())
        .raw(",\"created_at\":")
        .text(clock.instant().toString());
  }

  /** What was not yet written. */
  private void said(JsonBytes out) {
    if (chat) {
      out.raw(",\"message\":{\"role\":\"assistant\",\"content\":").text(text.toString());
    } else {
      out.raw(",\"response\":").text(text.toString());
    }
    if (!thinking.isEmpty()) {
      out.raw(",\"thinking\":").text(thinking.toString());
    }
    if (!calls.isEmpty()) {
      calls(out);
    }
    out.raw(chat ? "}" : "");
    if (!logprobs.isEmpty()) {
      logprobs(out);
    }
    text.setLength(0);
    thinking.setLength(0);
    calls.clear();
    logprobs.clear();
  }

  private void calls(JsonBytes out) {
    out.raw(",\"tool_calls\":[");
    for (int i = 0; i < calls.size(); i++) {
      Call call = calls.get(i);
      out.raw(i == 0 ? "" : ",").raw("{\"id\":").text(call.id);
      out.raw(",\"function\":{\"index\":").number(i).raw(",\"name\":").text(call.name);
      out.raw(",\"arguments\":");
      arguments(out, call.arguments.toString());
      out.raw("}}");
    }
    out.raw("]");
  }

  /** An object, as it must be; what a model broke off is kept in one. */
  static void arguments(JsonBytes out, String arguments) {
    byte[] json = arguments.getBytes(StandardCharsets.UTF_8);
    try {
      JsonBody.parse(json);
      out.raw(json);
    } catch (ApiException _) {
      if (arguments.isBlank()) {
        out.raw("{}");
      } else {
        out.raw("{\"unreadable_arguments\":").text(arguments).raw("}");
      }
    }
  }

  private void logprobs(JsonBytes out) {
    out.raw(",\"logprobs\":[");
    for (int i = 0; i < logprobs.size(); i++) {
      TokenLogprob token = logprobs.get(i);
      out.raw(i == 0 ? "{" : ",{");
      scored(out, token.token());
      if (!token.top().isEmpty()) {
        out.raw(",\"top_logprobs\":[");
        for (int k = 0; k < token.top().size(); k++) {
          out.raw(k == 0 ? "{" : ",{");
          scored(out, token.top().get(k));
          out.raw("}");
        }
        out.raw("]");
      }
      out.raw("}");
    }
    out.raw("]");
  }

  private static void scored(JsonBytes out, TokenLogprob.Scored scored) {
    out.raw("\"token\":").text(scored.text()).raw(",\"logprob\":").logprob(scored.logprob());
    out.raw(",\"bytes\":").value(scored.bytes());
  }

  private byte[] last(Usage usage) {
    Instant end = clock.instant();
    Instant first = firstToken == null ? end : firstToken;
    JsonBytes out = begin(512 + 2 * text.length());
    said(out);
    out.raw(",\"done\":true,\"done_reason\":");
    out.raw(reason == FinishReason.LENGTH ? "\"length\"" : "\"stop\"");
    out.raw(",\"total_duration\":").number(Duration.between(begin, end).toNanos());
    out.raw(",\"load_duration\":0,\"prompt_eval_count\":").number(usage.promptTokens());
    out.raw(",\"prompt_eval_duration\":").number(Duration.between(begin, first).toNanos());
    out.raw(",\"eval_count\":").number(usage.completionTokens());
    out.raw(",\"eval_duration\":").number(Duration.between(first, end).toNanos());
    return out.raw("}\n").toBytes();
  }

  private static byte[] line(byte[] json) {
    return new JsonBytes(json.length + 1).raw(json).raw("\n").toBytes();
  }
}
