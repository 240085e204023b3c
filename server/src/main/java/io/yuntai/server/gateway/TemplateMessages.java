package io.yuntai.server.gateway;

import io.yuntai.dialect.Message;
import io.yuntai.dialect.Message.Role;
import io.yuntai.dialect.ToolCall;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Messages as chat templates take them, which is as Hugging Face transformers gives them. */
final class TemplateMessages {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_LONG_FOR_INTS).build();

  private static final TypeReference<LinkedHashMap<String, @Nullable Object>> OBJECT =
      new TypeReference<>() {};

  private TemplateMessages() {}

  /**
   * The messages in the ways that templates may want, the first that one takes being right: an
   * assistant who only called tools has said nothing, which is none to some templates and an empty
   * text to others.
   */
  static List<List<Map<String, @Nullable Object>>> spellings(List<Message> messages) {
    boolean silent = messages.stream().anyMatch(TemplateMessages::isSilent);
    return silent ? List.of(maps(messages, null), maps(messages, "")) : List.of(maps(messages, ""));
  }

  private static boolean isSilent(Message message) {
    return message.content().isEmpty() && !message.toolCalls().isEmpty();
  }

  private static List<Map<String, @Nullable Object>> maps(
      List<Message> messages, @Nullable String silence) {
    return messages.stream().map(message -> map(message, silence)).toList();
  }

  private static Map<String, @Nullable Object> map(Message message, @Nullable String silence) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("role", role(message.role()));
    map.put("content", isSilent(message) ? silence : message.content());
    message.reasoning().ifPresent(text -> map.put("reasoning_content", text));
    message.name().ifPresent(name -> map.put("name", name));
    message.toolCallId().ifPresent(id -> map.put("tool_call_id", CallIds.standard(id)));
    if (!message.toolCalls().isEmpty()) {
      map.put("tool_calls", message.toolCalls().stream().map(TemplateMessages::call).toList());
    }
    return map;
  }

  private static String role(Role role) {
    return switch (role) {
      // Open models know no developer: it is OpenAI's newer name for the same turn.
      case SYSTEM, DEVELOPER -> "system";
      case USER -> "user";
      case ASSISTANT -> "assistant";
      case TOOL -> "tool";
    };
  }

  private static Map<String, @Nullable Object> call(ToolCall call) {
    Map<String, @Nullable Object> function = new LinkedHashMap<>();
    function.put("name", call.name());
    function.put("arguments", arguments(call.arguments()));
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("id", CallIds.standard(call.id()));
    map.put("type", "function");
    map.put("function", function);
    return map;
  }

  /** Templates print an object; what is none, a model's broken one for instance, stays text. */
  private static Object arguments(String json) {
    try {
      return JSON.readValue(json, OBJECT);
    } catch (JacksonException _) {
      return json;
    }
  }
}
