package io.yuntai.dialect.responses;

import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.Delivery;
import io.yuntai.dialect.GenerationSettings;
import io.yuntai.dialect.Labels;
import io.yuntai.dialect.Message;
import io.yuntai.dialect.Thinking;
import io.yuntai.dialect.ToolUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a client asks of the Responses API.
 *
 * @param model the model's name
 * @param instructions what comes before the conversation, of this request alone
 * @param items the request's own items, as JSON: an array of complete items, each with an id
 * @param previousResponseId the answer that this conversation goes on from
 * @param store whether the conversation is kept
 * @param background whether the answer is made without anybody waiting for it
 * @param toolUse tools, custom ones as functions of one text
 * @param customTools names of those that are custom
 * @param settings how the answer is generated
 * @param stream whether it is sent as events
 * @param thinking whether the model thinks first
 * @param labels what no answer depends on
 * @param encryptedReasoning whether thoughts carry what gives them back
 * @param echo the request's settings as response objects repeat them: members of a JSON object
 */
public record ResponsesRequest(
    String model,
    Optional<String> instructions,
    byte[] items,
    Optional<String> previousResponseId,
    boolean store,
    boolean background,
    ToolUse toolUse,
    Set<String> customTools,
    GenerationSettings settings,
    boolean stream,
    Thinking thinking,
    Labels labels,
    boolean encryptedReasoning,
    byte[] echo) {
  /** Copies what could change. */
  public ResponsesRequest {
    customTools = Set.copyOf(customTools);
  }

  /**
   * The whole conversation as a chat.
   *
   * @param earlier item arrays of the turns before, the oldest first
   * @throws ApiException 400 naming an item that can't be read
   */
  public ChatRequest toChat(List<byte[]> earlier) throws ApiException {
    List<byte[]> all = new ArrayList<>(earlier);
    all.add(items);
    List<Message> messages = ResponseItems.messages(instructions, all);
    return new ChatRequest(
        model,
        messages,
        toolUse,
        settings,
        new Delivery(stream, stream),
        Map.of(),
        thinking,
        labels);
  }
}
