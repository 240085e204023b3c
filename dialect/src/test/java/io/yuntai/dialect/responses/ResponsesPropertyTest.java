package io.yuntai.dialect.responses;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.dialect.Answer;
import io.yuntai.dialect.AnswerBuilder;
import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.AnswerHead;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.Message;
import io.yuntai.dialect.Message.Role;
import io.yuntai.dialect.testing.RandomBytes;
import io.yuntai.dialect.testing.Streams;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class ResponsesPropertyTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final AnswerHead HEAD =
      new AnswerHead(AnswerHead.Kind.CHAT, "chatcmpl-1", 1, "m", false);

  private final long seed = Long.getLong("yuntai.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final RandomResponses responses = new RandomResponses(random);
  private final RandomBytes values = new RandomBytes(random);

  @BeforeEach
  void tellTheSeed() {
    System.out.println("-Dyuntai.seed=" + seed);
  }

  @Test
  void aConversationsItemsAreItsMessages() throws Exception {
    for (int i = 0; i < 2_000; i++) {
      RandomResponses.Case made = responses.request();
      ResponsesRequest request = ResponsesRequests.decode(made.body(), "0");
      assertThat(request.toChat(List.of()).messages()).isEqualTo(made.messages());
      // The form in which items are kept says the same, and is its own form.
      byte[] kept =
          ("{\"model\":\"m\",\"input\":" + text(request.items()) + "}")
              .getBytes(StandardCharsets.UTF_8);
      ResponsesRequest again = ResponsesRequests.decode(kept, "1");
      assertThat(text(again.items())).isEqualTo(text(request.items()));
    }
  }

  /** What a client sends back of an answer is to the model what it had said. */
  @Test
  void anAnswersItemsGoBackAsItWas() throws Exception {
    for (int i = 0; i < 2_000; i++) {
      boolean encrypted = random.nextBoolean();
      List<AnswerEvent> events = responses.answer();
      ResponseStream stream = new ResponseStream("resp_0", 1, responses.asked(encrypted));
      Streams.written(stream, events);
      ArrayNode items = (ArrayNode) JSON.readTree(stream.response().output());
      for (JsonNode item : items) {
        if (encrypted && item.path("type").asString().equals("reasoning")) {
          ((ObjectNode) item).remove("content");
        }
      }
      items.add(JSON.readTree("{\"role\":\"user\",\"content\":\"next\"}"));
      byte[] body = JSON.writeValueAsBytes(Map.of("model", "m", "input", items));
      Answer.Choice said = built(events).choices().getFirst();
      List<Message> expected = new ArrayList<>();
      expected.add(
          new Message(
              Role.ASSISTANT,
              said.text(),
              Optional.empty(),
              Optional.empty(),
              said.toolCalls(),
              Optional.of(said.reasoning()).filter(text -> !text.isEmpty())));
      expected.add(Message.of(Role.USER, "next"));
      if (said.text().isEmpty() && said.toolCalls().isEmpty()) {
        continue; // thoughts alone are no turn
      }
      assertThat(ResponsesRequests.decode(body, "0").toChat(List.of()).messages())
          .isEqualTo(expected);
    }
  }

  @Test
  void wholeResponsesAreWhatTheirStreamsEndWith() throws Exception {
    for (int i = 0; i < 2_000; i++) {
      ResponsesRequest request = responses.asked(random.nextBoolean());
      List<AnswerEvent> events = responses.answer();
      ResponseStream streamed = new ResponseStream("resp_0", 1, request);
      Streams.written(streamed, events);
      ResponseObject whole =
          WholeResponses.of(new ResponseStream("resp_0", 1, request), built(events));
      assertThat(text(whole.json())).isEqualTo(text(streamed.response().json()));
    }
  }

  /** Pieces add up to what is said to be done, and that is what the response holds. */
  @Test
  void eventsAddUpToTheResponse() throws Exception {
    for (int i = 0; i < 2_000; i++) {
      ResponseStream stream = new ResponseStream("resp_0", 1, responses.asked(true));
      String sent = text(Streams.written(stream, responses.answer()));
      Map<String, String> pieces = new HashMap<>();
      List<JsonNode> items = new ArrayList<>();
      int number = 0;
      JsonNode event = JSON.nullNode();
      for (String block : sent.split("\n\n")) {
        event = JSON.readTree(block.substring(block.indexOf("\ndata: ") + 7));
        String type = event.get("type").asString();
        assertThat(block).startsWith("event: " + type + "\n");
        assertThat(event.get("sequence_number").asInt()).isEqualTo(number++);
        String item = event.path("item_id").asString("");
        if (type.endsWith(".delta")) {
          pieces.merge(item, event.get("delta").asString(), String::concat);
        } else if (type.endsWith("_text.done")) {
          assertThat(event.get("text").asString()).isEqualTo(pieces.getOrDefault(item, ""));
        } else if (type.endsWith("arguments.done")) {
          assertThat(event.get("arguments").asString()).isEqualTo(pieces.getOrDefault(item, ""));
        } else if (type.endsWith("input.done")) {
          assertThat(event.get("input").asString()).isEqualTo(pieces.getOrDefault(item, ""));
        } else if (type.equals("response.output_item.added")) {
          assertThat(event.get("output_index").asInt()).isEqualTo(items.size());
        } else if (type.equals("response.output_item.done")) {
          items.add(event.get("item"));
        }
      }
      assertThat(event.at("/response/output").values()).containsExactlyElementsOf(items);
    }
  }

  @Test
  void damagedRequestsAreReadOrRefused() {
    int refused = 0;
    for (int i = 0; i < 10_000; i++) {
      byte[] body = values.damaged(responses.request().body());
      try {
        assertThat(ResponsesRequests.decode(body, "0").toChat(List.of())).isNotNull();
      } catch (ApiException e) {
        refused++;
        assertThat(e.error().status()).isEqualTo(400);
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("body: " + new String(body, StandardCharsets.ISO_8859_1), e);
      }
    }
    assertThat(refused).isPositive();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static Answer built(List<AnswerEvent> events) {
    AnswerBuilder builder = new AnswerBuilder(HEAD);
    events.forEach(builder::add);
    return builder.toAnswer();
  }
}
