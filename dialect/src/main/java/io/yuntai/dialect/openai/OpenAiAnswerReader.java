package io.yuntai.dialect.openai;

import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.FinishReason;
import io.yuntai.dialect.Usage;
import io.yuntai.dialect.upstream.AnswerReader;
import io.yuntai.dialect.upstream.UpstreamJson;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Chat completions and text completions, whole and streamed. A chunk's {@code delta} and a whole
 * answer's {@code message} have the same fields, so both are read by the same code, without a tree:
 * a chunk is all that most tokens cost.
 */
final class OpenAiAnswerReader implements AnswerReader {
  private static final int MAX_CHOICES = 1024;
  private static final byte[] DONE = {'[', 'D', 'O', 'N', 'E', ']'};

  private final List<@Nullable ReadChoice> choices = new ArrayList<>();
  private final ChoicePiece piece = new ChoicePiece();
  private @Nullable Usage usage;
  private long pieces;
  private boolean complete;

  @Override
  public boolean complete() {
    return complete;
  }

  @Override
  public void body(byte[] json, Consumer<AnswerEvent> sink) throws ApiException {
    read(json, 0, json.length, sink);
    finish(sink);
  }

  @Override
  public void event(String name, byte[] bytes, int from, int to, Consumer<AnswerEvent> sink)
      throws ApiException {
    if (complete || from == to) {
      return;
    }
    if (isDone(bytes, from, to)) {
      finish(sink);
    } else {
      read(bytes, from, to, sink);
    }
  }

  @Override
  public void end(Consumer<AnswerEvent> sink) throws ApiException {
    if (!complete) {
      finish(sink);
    }
  }

  private static boolean isDone(byte[] bytes, int from, int to) {
    return to - from >= DONE.length
        && bytes[from] == '['
        && Arrays.equals(bytes, from, from + DONE.length, DONE, 0, DONE.length);
  }

  /** An answer is complete when each of its choices has said why it ended. */
  private void finish(Consumer<AnswerEvent> sink) throws ApiException {
    if (choices.isEmpty() || choices.stream().anyMatch(c -> c == null || !c.finished())) {
      throw UpstreamJson.broken("the answer broke off before its end");
    }
    complete = true;
    // A server that does not count leaves only what was seen: a piece holds at least one token.
    sink.accept(new AnswerEvent.Finished(usage == null ? new Usage(0, 0, pieces, 0) : usage));
  }

  private void read(byte[] bytes, int from, int to, Consumer<AnswerEvent> sink)
      throws ApiException {
    try (JsonParser json = UpstreamJson.parser(bytes, from, to)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw UpstreamJson.broken("a piece of the answer is not an object");
      }
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        JsonToken value = json.nextToken();
        switch (name) {
          case "choices" -> choices(json, value, sink);
          case "usage" -> usage(json, value);
          case "error" -> failure(json, value);
          default -> json.skipChildren();
        }
      }
    } catch (JacksonException e) {
      throw UpstreamJson.broken("a piece of the answer is not JSON");
    }
  }

  private static void failure(JsonParser json, JsonToken value) throws ApiException {
    if (value == JsonToken.START_OBJECT) {
      throw new ApiException(UpstreamErrors.read(500, UpstreamJson.tree(json)));
    }
    if (value != JsonToken.VALUE_NULL) {
      String said = json.getString();
      throw new ApiException(ApiError.internal(said == null ? "an error" : said));
    }
  }

  private void choices(JsonParser json, JsonToken value, Consumer<AnswerEvent> sink)
      throws ApiException {
    if (value != JsonToken.START_ARRAY) {
      json.skipChildren();
      return;
    }
    int place = 0;
    while (json.nextToken() == JsonToken.START_OBJECT) {
      piece.read(json, place++);
      choice(piece.index).take(piece, sink);
    }
  }

  private ReadChoice choice(int index) throws ApiException {
    if (index < 0 || index >= MAX_CHOICES) {
      throw UpstreamJson.broken("the answer has a choice of the index " + index);
    }
    while (choices.size() <= index) {
      choices.add(null);
    }
    ReadChoice choice = choices.get(index);
    if (choice == null) {
      choice = new ReadChoice(index);
      choices.set(index, choice);
    }
    pieces++;
    return choice;
  }

  private void usage(JsonParser json, JsonToken value) {
    if (value != JsonToken.START_OBJECT) {
      json.skipChildren();
      return;
    }
    long prompt = 0;
    long cached = 0;
    long completion = 0;
    long reasoning = 0;
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      JsonToken field = json.nextToken();
      switch (name) {
        case "prompt_tokens" -> prompt = UpstreamJson.count(json, field);
        case "completion_tokens" -> completion = UpstreamJson.count(json, field);
        case "prompt_tokens_details" -> cached = detail(json, field, "cached_tokens", cached);
        // DeepSeek's name of the same.
        case "prompt_cache_hit_tokens" -> cached = UpstreamJson.count(json, field);
        case "completion_tokens_details" ->
            reasoning = detail(json, field, "reasoning_tokens", reasoning);
        default -> json.skipChildren();
      }
    }
    usage =
        new Usage(prompt, Math.min(cached, prompt), completion, Math.min(reasoning, completion));
  }

  private static long detail(JsonParser json, JsonToken value, String wanted, long otherwise) {
    long found = otherwise;
    if (value == JsonToken.START_OBJECT) {
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        JsonToken field = json.nextToken();
        if (name.equals(wanted)) {
          found = UpstreamJson.count(json, field);
        } else {
          json.skipChildren();
        }
      }
    } else {
      json.skipChildren();
    }
    return found;
  }

  /** Why a choice ended, by OpenAI's names; other servers' further ones mean an ordinary end. */
  static FinishReason reason(String name) {
    return switch (name) {
      case "length" -> FinishReason.LENGTH;
      case "tool_calls", "function_call" -> FinishReason.TOOL_CALLS;
      case "content_filter" -> FinishReason.CONTENT_FILTER;
      default -> FinishReason.STOP;
    };
  }
}
