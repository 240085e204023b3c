package io.yuntai.dialect.ollama;

import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.FinishReason;
import io.yuntai.dialect.TokenLogprob;
import io.yuntai.dialect.TokenLogprob.Scored;
import io.yuntai.dialect.Usage;
import io.yuntai.dialect.json.JsonBytes;
import io.yuntai.dialect.json.PlainJson;
import io.yuntai.dialect.upstream.AnswerReader;
import io.yuntai.dialect.upstream.UpstreamJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;

/** Answers of {@code /api/chat} and {@code /api/generate}, a line for each piece or one object. */
final class OllamaAnswerReader implements AnswerReader {
  private static final int CHOICE = 0;

  private boolean started;
  private int calls;
  private boolean complete;

  @Override
  public boolean complete() {
    return complete;
  }

  @Override
  public void body(byte[] json, Consumer<AnswerEvent> sink) throws ApiException {
    read(parse(json, 0, json.length), sink);
    end(sink);
  }

  @Override
  public void event(String name, byte[] bytes, int from, int to, Consumer<AnswerEvent> sink)
      throws ApiException {
    if (!complete && from < to) {
      read(parse(bytes, from, to), sink);
    }
  }

  @Override
  public void end(Consumer<AnswerEvent> sink) throws ApiException {
    if (!complete) {
      throw UpstreamJson.broken("the answer broke off before its end");
    }
  }

  private static JsonNode parse(byte[] bytes, int from, int to) throws ApiException {
    try (JsonParser json = UpstreamJson.parser(bytes, from, to)) {
      json.nextToken();
      JsonNode node = UpstreamJson.tree(json);
      if (node != null && node.isObject()) {
        return node;
      }
    } catch (JacksonException _) {
      // Falls through.
    }
    throw UpstreamJson.broken("a piece of the answer is not a JSON object");
  }

  private void read(JsonNode piece, Consumer<AnswerEvent> sink) throws ApiException {
    JsonNode error = piece.get("error");
    if (error != null) {
      throw new ApiException(
          ApiError.internal(error.isString() ? error.stringValue() : "an error"));
    }
    if (!started) {
      started = true;
      sink.accept(new AnswerEvent.Started(CHOICE));
    }
    JsonNode message = piece.get("message");
    boolean chat = message != null && message.isObject();
    JsonNode said = message != null && chat ? message : piece;
    String thinking = text(said, "thinking");
    if (!thinking.isEmpty()) {
      sink.accept(new AnswerEvent.Reasoning(CHOICE, thinking));
    }
    String content = text(said, chat ? "content" : "response");
    List<TokenLogprob> logprobs = logprobs(piece.get("logprobs"));
    if (!content.isEmpty() || !logprobs.isEmpty()) {
      sink.accept(new AnswerEvent.Delta(CHOICE, content, logprobs));
    }
    JsonNode made = said.get("tool_calls");
    if (made != null && made.isArray()) {
      for (JsonNode call : made.values()) {
        call(call, text(piece, "created_at"), sink);
      }
    }
    JsonNode done = piece.get("done");
    if (done != null && done.isBoolean() && done.booleanValue()) {
      finish(piece, sink);
    }
  }

  /** A call comes as a whole; older servers give it no id. */
  private void call(JsonNode call, String time, Consumer<AnswerEvent> sink) {
    JsonNode function = call.get("function");
    String name = function == null ? "" : text(function, "name");
    if (function == null || name.isEmpty()) {
      return;
    }
    String id = text(call, "id");
    if (id.isEmpty()) {
      id = "call_%08x_%d".formatted((time + name).hashCode(), calls);
    }
    sink.accept(new AnswerEvent.CallStarted(CHOICE, calls, id, name));
    sink.accept(new AnswerEvent.CallArguments(CHOICE, calls, arguments(function)));
    calls++;
  }

  private static String arguments(JsonNode function) {
    JsonNode node = function.get("arguments");
    if (node == null || !node.isObject()) {
      return node != null && node.isString() && !node.stringValue().isEmpty()
          ? node.stringValue()
          : "{}";
    }
    byte[] json = new JsonBytes(256).value(PlainJson.exact(node)).toBytes();
    return new String(json, StandardCharsets.UTF_8);
  }

  private void finish(JsonNode last, Consumer<AnswerEvent> sink) {
    complete = true;
    FinishReason reason =
        switch (text(last, "done_reason")) {
          case "length" -> FinishReason.LENGTH;
          default -> calls > 0 ? FinishReason.TOOL_CALLS : FinishReason.STOP;
        };
    sink.accept(new AnswerEvent.ChoiceFinished(CHOICE, reason));
    long prompt = count(last, "prompt_eval_count");
    sink.accept(new AnswerEvent.Finished(new Usage(prompt, 0, count(last, "eval_count"), 0)));
  }

  private static List<TokenLogprob> logprobs(@Nullable JsonNode list) {
    List<TokenLogprob> tokens = new ArrayList<>();
    if (list != null && list.isArray()) {
      for (JsonNode token : list.values()) {
        List<Scored> top = new ArrayList<>();
        JsonNode others = token.get("top_logprobs");
        if (others != null && others.isArray()) {
          others.values().forEach(other -> top.add(scored(other)));
        }
        tokens.add(new TokenLogprob(scored(token), top));
      }
    }
    return tokens;
  }

  private static Scored scored(JsonNode node) {
    List<Integer> bytes = new ArrayList<>();
    JsonNode list = node.get("bytes");
    if (list != null && list.isArray()) {
      list.values().forEach(b -> bytes.add(b.isInt() ? b.intValue() & 0xFF : 0));
    }
    JsonNode logprob = node.get("logprob");
    return new Scored(
        text(node, "token"),
        bytes,
        logprob != null && logprob.isNumber() ? logprob.doubleValue(0) : 0);
  }

  private static String text(JsonNode object, String name) {
    JsonNode node = object.get(name);
    return node != null && node.isString() ? node.stringValue() : "";
  }

  private static long count(JsonNode node, String name) {
    JsonNode count = node.get(name);
    return count != null && count.isIntegralNumber() && count.canConvertToLong()
        ? Math.clamp(count.longValue(), 0, Integer.MAX_VALUE)
        : 0;
  }
}
