package io.yuntai.dialect.openai;

import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.AnswerHead;
import io.yuntai.dialect.AnswerStream;
import io.yuntai.dialect.TokenLogprob;
import io.yuntai.dialect.json.JsonBytes;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One answer's events to server-sent events. What all chunks share is encoded once; a token costs
 * the escaping of its own text. For one thread.
 */
public final class OpenAiStream implements AnswerStream {
  private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);

  private final boolean chat;
  private final boolean logprobs;
  private final boolean includeUsage;
  private final byte[] prefix;
  private final byte[] suffix;

  /** Characters so far by choice, for {@code text_offset}. */
  private final Map<Integer, Integer> offsets = new HashMap<>();

  /**
   * @param head what all chunks have in common
   * @param includeUsage whether the last chunk carries the usage
   */
  public OpenAiStream(AnswerHead head, boolean includeUsage) {
    this.chat = head.kind() == AnswerHead.Kind.CHAT;
    this.logprobs = head.logprobs();
    this.includeUsage = includeUsage;
    JsonBytes common =
        new JsonBytes(256)
            .raw("data: {\"id\":")
            .text(head.id())
            .raw(
                chat
                    ? ",\"object\":\"chat.completion.chunk\",\"created\":"
                    : ",\"object\":\"text_completion\",\"created\":")
            .number(head.createdEpochSeconds())
            .raw(",\"model\":")
            .text(head.model());
    head.fingerprint().ifPresent(name -> common.raw(",\"system_fingerprint\":").text(name));
    this.prefix = common.raw(",\"choices\":[").toBytes();
    // Asked for, the field is on every chunk and null on all but the last.
    this.suffix =
        (includeUsage ? "],\"usage\":null}\n\n" : "]}\n\n").getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public byte[] encode(AnswerEvent event) {
    return switch (event) {
      case AnswerEvent.Started started -> started(started.choice());
      case AnswerEvent.Counted _ -> new byte[0];
      case AnswerEvent.Delta delta -> delta(delta);
      case AnswerEvent.Reasoning reasoning ->
          chatDelta(
              reasoning.choice(),
              new JsonBytes(64).raw("\"reasoning_content\":").text(reasoning.text()));
      // OpenAI's chat has no place for it.
      case AnswerEvent.ReasoningSigned _ -> new byte[0];
      case AnswerEvent.CallStarted call -> callStarted(call);
      case AnswerEvent.CallArguments arguments -> callArguments(arguments);
      case AnswerEvent.ChoiceFinished finished -> choiceFinished(finished);
      case AnswerEvent.Finished finished -> finished(finished);
      case AnswerEvent.Failed failed ->
          new JsonBytes(256)
              .raw("data: ")
              .raw(OpenAiErrors.encode(failed.error()))
              .raw("\n\n")
              .toBytes();
    };
  }

  private byte[] started(int choice) {
    if (!chat) {
      return new byte[0];
    }
    return chunk(64)
        .raw("{\"index\":")
        .number(choice)
        .raw(",\"delta\":{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}")
        .raw(",\"logprobs\":null,\"finish_reason\":null}")
        .raw(suffix)
        .toBytes();
  }

  private byte[] delta(AnswerEvent.Delta delta) {
    JsonBytes out = chunk(64 + 2 * delta.text().length());
    if (chat) {
      out.raw("{\"index\":").number(delta.choice()).raw(",\"delta\":{\"content\":");
      out.text(delta.text()).raw("},\"logprobs\":");
    } else {
      out.raw("{\"text\":").text(delta.text()).raw(",\"index\":").number(delta.choice());
      out.raw(",\"logprobs\":");
    }
    logprobs(out, delta.choice(), delta.logprobs());
    return out.raw(",\"finish_reason\":null}").raw(suffix).toBytes();
  }

  private byte[] callStarted(AnswerEvent.CallStarted call) {
    return chatDelta(
        call.choice(),
        new JsonBytes(192)
            .raw("\"tool_calls\":[{\"index\":")
            .number(call.call())
            .raw(",\"id\":")
            .text(call.id())
            .raw(",\"type\":\"function\",\"function\":{\"name\":")
            .text(call.name())
            .raw(",\"arguments\":\"\"}}]"));
  }

  private byte[] callArguments(AnswerEvent.CallArguments arguments) {
    return chatDelta(
        arguments.choice(),
        new JsonBytes(96 + 2 * arguments.json().length())
            .raw("\"tool_calls\":[{\"index\":")
            .number(arguments.call())
            .raw(",\"function\":{\"arguments\":")
            .text(arguments.json())
            .raw("}}]"));
  }

  /** A chunk with one choice's delta of these fields. */
  private byte[] chatDelta(int choice, JsonBytes fields) {
    byte[] delta = fields.toBytes();
    return chunk(64 + delta.length)
        .raw("{\"index\":")
        .number(choice)
        .raw(",\"delta\":{")
        .raw(delta)
        .raw("},\"logprobs\":null,\"finish_reason\":null}")
        .raw(suffix)
        .toBytes();
  }

  private void logprobs(JsonBytes out, int choice, List<TokenLogprob> tokens) {
    if (!logprobs || tokens.isEmpty()) {
      out.raw("null");
    } else if (chat) {
      AnswerJson.chatLogprobs(out, tokens);
    } else {
      int offset = offsets.getOrDefault(choice, 0);
      AnswerJson.completionLogprobs(out, tokens, offset);
      offsets.put(choice, offset + tokens.stream().mapToInt(AnswerJson::characters).sum());
    }
  }

  private byte[] choiceFinished(AnswerEvent.ChoiceFinished finished) {
    JsonBytes out = chunk(96);
    if (chat) {
      out.raw("{\"index\":").number(finished.choice()).raw(",\"delta\":{}");
    } else {
      out.raw("{\"text\":\"\",\"index\":").number(finished.choice());
    }
    return out.raw(",\"logprobs\":null,\"finish_reason\":")
        .text(AnswerJson.nameOf(finished.reason()))
        .raw("}")
        .raw(suffix)
        .toBytes();
  }

  private byte[] finished(AnswerEvent.Finished finished) {
    if (!includeUsage) {
      return DONE.clone();
    }
    JsonBytes out = chunk(320).raw("],\"usage\":");
    AnswerJson.usage(out, finished.usage());
    return out.raw("}\n\n").raw(DONE).toBytes();
  }

  private JsonBytes chunk(int expectedBytes) {
    return new JsonBytes(prefix.length + suffix.length + expectedBytes + 64).raw(prefix);
  }
}
