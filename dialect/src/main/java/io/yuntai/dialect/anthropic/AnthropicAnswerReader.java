package io.yuntai.dialect.anthropic;

import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.FinishReason;
import io.yuntai.dialect.Usage;
import io.yuntai.dialect.json.JsonBytes;
import io.yuntai.dialect.json.PlainJson;
import io.yuntai.dialect.upstream.AnswerReader;
import io.yuntai.dialect.upstream.UpstreamJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;

/** A message, whole or streamed, as the events of one choice. */
final class AnthropicAnswerReader implements AnswerReader {
  private long input;
  private long cacheRead;
  private long cacheWrite;
  private long output;
  private boolean started;
  private boolean complete;

  /** Of the last call; -1 before the first. */
  private int call = -1;

  /** Whether the block that is open is a call. */
  private boolean inCall;

  private boolean hasArguments;
  private @Nullable FinishReason reason;
  private Optional<String> stopText = Optional.empty();

  @Override
  public boolean complete() {
    return complete;
  }

  @Override
  public void body(byte[] json, Consumer<AnswerEvent> sink) throws ApiException {
    JsonNode message = parse(json, 0, json.length);
    if (text(message, "type").equals("error")) {
      throw new ApiException(AnthropicErrors.decode(message));
    }
    start(message, sink);
    JsonNode content = message.get("content");
    if (content == null || !content.isArray()) {
      throw UpstreamJson.broken("the message has no content");
    }
    for (JsonNode block : content.values()) {
      blockStart(block, sink);
      blockStop(sink);
    }
    stop(message);
    finish(sink);
  }

  @Override
  public void event(String name, byte[] bytes, int from, int to, Consumer<AnswerEvent> sink)
      throws ApiException {
    if (complete || from == to) {
      return;
    }
    JsonNode event = parse(bytes, from, to);
    String type = text(event, "type");
    switch (type) {
      case "message_start" -> start(object(event, "message"), sink);
      case "content_block_start" -> blockStart(object(begun(event), "content_block"), sink);
      case "content_block_delta" -> delta(object(begun(event), "delta"), sink);
      case "content_block_stop" -> blockStop(sink);
      case "message_delta" -> {
        stop(object(event, "delta"));
        usage(event);
      }
      case "message_stop" -> finish(sink);
      case "error" -> throw new ApiException(AnthropicErrors.decode(event));
      // Pings, and what later versions add.
      default -> {}
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

  private static JsonNode object(JsonNode parent, String name) throws ApiException {
    JsonNode node = parent.get(name);
    if (node == null || !node.isObject()) {
      throw UpstreamJson.broken("a piece of the answer has no '" + name + "'");
    }
    return node;
  }

  private static String text(JsonNode object, String name) {
    JsonNode node = object.get(name);
    return node != null && node.isString() ? node.stringValue() : "";
  }

  private JsonNode begun(JsonNode event) throws ApiException {
    if (!started) {
      throw UpstreamJson.broken("the answer goes on before it has begun");
    }
    return event;
  }

  private void start(JsonNode message, Consumer<AnswerEvent> sink) throws ApiException {
    if (started) {
      throw UpstreamJson.broken("the answer begins twice");
    }
    started = true;
    usage(message);
    sink.accept(new AnswerEvent.Counted(usage()));
    sink.accept(new AnswerEvent.Started(0));
  }

  private void blockStart(JsonNode block, Consumer<AnswerEvent> sink) {
    inCall = false;
    switch (text(block, "type")) {
      case "text" -> say(text(block, "text"), sink);
      case "thinking" -> {
        think(text(block, "thinking"), sink);
        sign(text(block, "signature"), sink);
      }
      case "tool_use" -> {
        inCall = true;
        hasArguments = false;
        call++;
        sink.accept(new AnswerEvent.CallStarted(0, call, text(block, "id"), text(block, "name")));
        JsonNode input = block.get("input");
        if (input != null && input.isObject() && !input.isEmpty()) {
          byte[] json = new JsonBytes(256).value(PlainJson.exact(input)).toBytes();
          argue(new String(json, StandardCharsets.UTF_8), sink);
        }
      }
      // Thoughts that only their author can read, and work of Anthropic's own servers.
      default -> {}
    }
  }

  private void delta(JsonNode delta, Consumer<AnswerEvent> sink) {
    switch (text(delta, "type")) {
      case "text_delta" -> say(text(delta, "text"), sink);
      case "thinking_delta" -> think(text(delta, "thinking"), sink);
      case "signature_delta" -> sign(text(delta, "signature"), sink);
      case "input_json_delta" -> argue(text(delta, "partial_json"), sink);
      default -> {}
    }
  }

  private void blockStop(Consumer<AnswerEvent> sink) {
    if (inCall && !hasArguments) {
      argue("{}", sink);
    }
    inCall = false;
  }

  private static void say(String text, Consumer<AnswerEvent> sink) {
    if (!text.isEmpty()) {
      sink.accept(new AnswerEvent.Delta(0, text, List.of()));
    }
  }

  private static void think(String text, Consumer<AnswerEvent> sink) {
    if (!text.isEmpty()) {
      sink.accept(new AnswerEvent.Reasoning(0, text));
    }
  }

  private static void sign(String signature, Consumer<AnswerEvent> sink) {
    if (!signature.isEmpty()) {
      sink.accept(new AnswerEvent.ReasoningSigned(0, signature));
    }
  }

  private void argue(String json, Consumer<AnswerEvent> sink) {
    if (inCall && !json.isEmpty()) {
      hasArguments = true;
      sink.accept(new AnswerEvent.CallArguments(0, call, json));
    }
  }

  private void stop(JsonNode holder) {
    String name = text(holder, "stop_reason");
    if (!name.isEmpty()) {
      reason = AnthropicJson.reason(name);
      String sequence = text(holder, "stop_sequence");
      stopText = sequence.isEmpty() ? Optional.empty() : Optional.of(sequence);
    }
  }

  private void usage(JsonNode holder) {
    JsonNode usage = holder.get("usage");
    if (usage == null) {
      return;
    }
    input = count(usage, "input_tokens", input);
    cacheRead = count(usage, "cache_read_input_tokens", cacheRead);
    cacheWrite = count(usage, "cache_creation_input_tokens", cacheWrite);
    output = count(usage, "output_tokens", output);
  }

  /** What is not said stays as it was said before. */
  private static long count(JsonNode usage, String name, long otherwise) {
    JsonNode node = usage.get(name);
    return node != null && node.isIntegralNumber() && node.canConvertToLong()
        ? Math.clamp(node.longValue(), 0, Integer.MAX_VALUE)
        : otherwise;
  }

  private Usage usage() {
    return new Usage(input + cacheRead + cacheWrite, cacheRead, output, 0, cacheWrite);
  }

  private void finish(Consumer<AnswerEvent> sink) throws ApiException {
    FinishReason why = reason;
    if (!started || why == null) {
      throw UpstreamJson.broken("the answer ended without saying why");
    }
    complete = true;
    sink.accept(new AnswerEvent.ChoiceFinished(0, why, stopText));
    sink.accept(new AnswerEvent.Finished(usage()));
  }
}
