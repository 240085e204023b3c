package io.yuntai.dialect.dashscope;

import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.FinishReason;
import io.yuntai.dialect.TokenLogprob;
import io.yuntai.dialect.TokenLogprob.Scored;
import io.yuntai.dialect.Usage;
import io.yuntai.dialect.upstream.AnswerReader;
import io.yuntai.dialect.upstream.UpstreamJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;

/** Answers as messages, whole or in pieces of what is new. */
final class DashScopeAnswerReader implements AnswerReader {
  private static final int MAX_CHOICES = 1024;

  /** What a reader of events is told that ends badly. */
  private static final String ERROR = "error";

  private final int expectedChoices;
  private final Map<Integer, Choice> choices = new TreeMap<>();
  private Usage usage = new Usage(0, 0, 0, 0);
  private boolean complete;

  private static final class Choice {
    private int calls;
    private @Nullable FinishReason reason;
  }

  /**
   * @param expectedChoices how many were asked for: nothing else says that a stream is complete
   */
  DashScopeAnswerReader(int expectedChoices) {
    this.expectedChoices = expectedChoices;
  }

  @Override
  public boolean complete() {
    return complete;
  }

  @Override
  public void body(byte[] json, Consumer<AnswerEvent> sink) throws ApiException {
    read(parse(json, 0, json.length), sink);
    finish(sink);
  }

  @Override
  public void event(String name, byte[] bytes, int from, int to, Consumer<AnswerEvent> sink)
      throws ApiException {
    if (complete || from == to) {
      return;
    }
    JsonNode event = parse(bytes, from, to);
    if (name.equals(ERROR)) {
      throw new ApiException(DashScopeErrors.decode(event));
    }
    read(event, sink);
    boolean ended =
        choices.size() >= expectedChoices
            && choices.values().stream().allMatch(choice -> choice.reason != null);
    if (ended) {
      finish(sink);
    }
  }

  @Override
  public void end(Consumer<AnswerEvent> sink) throws ApiException {
    if (!complete) {
      finish(sink);
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
    JsonNode output = piece.get("output");
    if (output == null || !output.isObject()) {
      if (piece.get("code") != null) {
        throw new ApiException(DashScopeErrors.decode(piece));
      }
      throw UpstreamJson.broken("a piece of the answer has no 'output'");
    }
    usage(piece.get("usage"));
    sink.accept(new AnswerEvent.Counted(usage));
    JsonNode list = output.get("choices");
    if (list == null || !list.isArray()) {
      return;
    }
    for (int i = 0; i < list.size(); i++) {
      JsonNode choice = list.get(i);
      JsonNode index = choice.get("index");
      int at = index != null && index.isInt() ? index.intValue() : i;
      if (at < 0 || at >= MAX_CHOICES) {
        throw UpstreamJson.broken("the answer has a choice of the index " + at);
      }
      choice(at, choice, sink);
    }
  }

  private void choice(int index, JsonNode node, Consumer<AnswerEvent> sink) {
    Choice choice = choices.get(index);
    if (choice == null) {
      choice = new Choice();
      choices.put(index, choice);
      sink.accept(new AnswerEvent.Started(index));
    }
    JsonNode message = node.get("message");
    if (message != null && message.isObject()) {
      String reasoning = text(message, "reasoning_content");
      if (!reasoning.isEmpty()) {
        sink.accept(new AnswerEvent.Reasoning(index, reasoning));
      }
      String content = content(message.get("content"));
      List<TokenLogprob> logprobs = logprobs(node.get("logprobs"));
      if (!content.isEmpty() || !logprobs.isEmpty()) {
        sink.accept(new AnswerEvent.Delta(index, content, logprobs));
      }
      JsonNode calls = message.get("tool_calls");
      if (calls != null && calls.isArray()) {
        for (JsonNode call : calls.values()) {
          call(index, choice, call, sink);
        }
      }
    }
    String reason = text(node, "finish_reason");
    // The word "null" stands where there is no reason yet.
    if (!reason.isEmpty() && !reason.equals("null")) {
      choice.reason =
          switch (reason) {
            case "length" -> FinishReason.LENGTH;
            case "tool_calls" -> FinishReason.TOOL_CALLS;
            case "content_filter" -> FinishReason.CONTENT_FILTER;
            default -> choice.calls > 0 ? FinishReason.TOOL_CALLS : FinishReason.STOP;
          };
    }
  }

  /** A call begins with its name; what has none goes on with the last one. */
  private static void call(int index, Choice choice, JsonNode call, Consumer<AnswerEvent> sink) {
    JsonNode function = call.get("function");
    if (function == null || !function.isObject()) {
      return;
    }
    String name = text(function, "name");
    if (!name.isEmpty()) {
      sink.accept(new AnswerEvent.CallStarted(index, choice.calls++, text(call, "id"), name));
    }
    String arguments = text(function, "arguments");
    if (!arguments.isEmpty() && choice.calls > 0) {
      sink.accept(new AnswerEvent.CallArguments(index, choice.calls - 1, arguments));
    }
  }

  private static String content(@Nullable JsonNode content) {
    if (content == null) {
      return "";
    }
    if (content.isString()) {
      return content.stringValue();
    }
    StringBuilder text = new StringBuilder();
    if (content.isArray()) {
      for (JsonNode part : content.values()) {
        text.append(text(part, "text"));
      }
    }
    return text.toString();
  }

  private static String text(JsonNode object, String name) {
    JsonNode node = object.get(name);
    return node != null && node.isString() ? node.stringValue() : "";
  }

  private static List<TokenLogprob> logprobs(@Nullable JsonNode logprobs) {
    JsonNode content = logprobs == null ? null : logprobs.get("content");
    List<TokenLogprob> tokens = new ArrayList<>();
    if (content != null && content.isArray()) {
      for (JsonNode token : content.values()) {
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
      for (JsonNode b : list.values()) {
        bytes.add(b.isInt() ? b.intValue() & 0xFF : 0);
      }
    }
    JsonNode logprob = node.get("logprob");
    return new Scored(
        text(node, "token"),
        bytes,
        logprob != null && logprob.isNumber() ? logprob.doubleValue(0) : 0);
  }

  private void usage(@Nullable JsonNode node) {
    if (node == null || !node.isObject()) {
      return;
    }
    long prompt = count(node, "input_tokens");
    long completion = count(node, "output_tokens");
    long cached = detail(node, "prompt_tokens_details", "cached_tokens");
    long written = detail(node, "prompt_tokens_details", "cache_creation_input_tokens");
    long reasoning = detail(node, "output_tokens_details", "reasoning_tokens");
    cached = Math.min(cached, prompt);
    usage =
        new Usage(
            prompt,
            cached,
            completion,
            Math.min(reasoning, completion),
            Math.min(written, prompt - cached));
  }

  private static long detail(JsonNode usage, String group, String name) {
    JsonNode details = usage.get(group);
    return details == null ? 0 : count(details, name);
  }

  private static long count(JsonNode node, String name) {
    JsonNode count = node.get(name);
    return count != null && count.isIntegralNumber() && count.canConvertToLong()
        ? Math.clamp(count.longValue(), 0, Integer.MAX_VALUE)
        : 0;
  }

  private void finish(Consumer<AnswerEvent> sink) throws ApiException {
    if (choices.isEmpty()) {
      throw UpstreamJson.broken("the answer has no choices");
    }
    for (Choice choice : choices.values()) {
      if (choice.reason == null) {
        throw UpstreamJson.broken("the answer broke off before its end");
      }
    }
    complete = true;
    for (Map.Entry<Integer, Choice> entry : choices.entrySet()) {
      FinishReason reason = entry.getValue().reason;
      if (reason != null) {
        sink.accept(new AnswerEvent.ChoiceFinished(entry.getKey(), reason));
      }
    }
    sink.accept(new AnswerEvent.Finished(usage));
  }
}
