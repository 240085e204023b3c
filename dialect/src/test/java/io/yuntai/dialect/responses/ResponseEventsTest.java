package io.yuntai.dialect.responses;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.FinishReason;
import io.yuntai.dialect.TokenLogprob;
import io.yuntai.dialect.TokenLogprob.Scored;
import io.yuntai.dialect.Usage;
import io.yuntai.dialect.testing.Streams;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The exact shape of every event, as OpenAI's document has it. */
class ResponseEventsTest {
  private static final AnswerEvent END = new AnswerEvent.Finished(new Usage(7, 3, 9, 2));

  /** What comes of events, without the two events that begin each stream. */
  private static String written(String fields, AnswerEvent... events) throws ApiException {
    String body = ("{'model':'m','input':'hi'" + fields + "}").replace('\'', '"');
    ResponsesRequest request = ResponsesRequests.decode(body.getBytes(StandardCharsets.UTF_8), "0");
    String all =
        new String(
            Streams.written(new ResponseStream("resp_9", 1, request), List.of(events)),
            StandardCharsets.UTF_8);
    String second = "event: response.in_progress\n";
    int from = all.indexOf("\n\n", all.indexOf(second)) + 2;
    assertThat(all).startsWith("event: response.created\ndata: {\"type\":\"response.created\",");
    return all.substring(from);
  }

  /** Events without their response object, which other tests look at. */
  private static String bare(String events) {
    return events.replaceAll("\"response\":\\{.*\\}\\}\n", "\"response\":...}\n");
  }

  @Test
  void aStreamBeginsWithTheEmptyResponse() throws Exception {
    ResponsesRequest request =
        ResponsesRequests.decode(
            "{\"model\":\"m\",\"input\":\"hi\",\"metadata\":{\"a\":\"b\"}}"
                .getBytes(StandardCharsets.UTF_8),
            "0");
    byte[] first = new ResponseStream("resp_9", 1, request).encode(new AnswerEvent.Started(0));
    String response =
        """
        {"id":"resp_9","object":"response","created_at":1,"status":"in_progress","error":null,\
        "incomplete_details":null,"model":"m","instructions":null,"max_output_tokens":null,\
        "max_tool_calls":null,"metadata":{"a":"b"},"parallel_tool_calls":true,\
        "previous_response_id":null,\
        "reasoning":{"effort":null,"summary":null},"tool_choice":"auto","tools":[],"user":null,\
        "text":{"format":{"type":"text"},"verbosity":"medium"},"temperature":1.0,"top_p":1.0,\
        "top_logprobs":0,"background":false,"store":true,"service_tier":"default",\
        "truncation":"disabled","output":[],"usage":null}\
        """;
    assertThat(new String(first, StandardCharsets.UTF_8))
        .isEqualTo(
            """
            event: response.created
            data: {"type":"response.created","sequence_number":0,"response":%1$s}

            event: response.in_progress
            data: {"type":"response.in_progress","sequence_number":1,"response":%1$s}

            """
                .formatted(response));
  }

  @Test
  void textComesInAMessage() throws Exception {
    TokenLogprob token =
        new TokenLogprob(
            new Scored("é", List.of(195, 169), -0.5),
            List.of(new Scored("é", List.of(195, 169), -0.5)));
    assertThat(
            bare(
                written(
                    ",'include':['message.output_text.logprobs'],'top_logprobs':1",
                    new AnswerEvent.Started(0),
                    new AnswerEvent.Delta(0, "é", List.of(token)),
                    new AnswerEvent.ChoiceFinished(0, FinishReason.STOP),
                    END)))
        .isEqualTo(
            """
            event: response.output_item.added
            data: {"type":"response.output_item.added","sequence_number":2,"output_index":0,\
            "item":{"id":"msg_90","type":"message","status":"in_progress","role":"assistant","content":[]}}

            event: response.content_part.added
            data: {"type":"response.content_part.added","sequence_number":3,"item_id":"msg_90",\
            "output_index":0,"content_index":0,"part":{"type":"output_text","text":"","annotations":[],"logprobs":[]}}

            event: response.output_text.delta
            data: {"type":"response.output_text.delta","sequence_number":4,"item_id":"msg_90",\
            "output_index":0,"content_index":0,"delta":"é","logprobs":[{"token":"é","logprob":-0.5,\
            "bytes":[195,169],"top_logprobs":[{"token":"é","logprob":-0.5,"bytes":[195,169]}]}]}

            event: response.output_text.done
            data: {"type":"response.output_text.done","sequence_number":5,"item_id":"msg_90",\
            "output_index":0,"content_index":0,"text":"é","logprobs":[{"token":"é","logprob":-0.5,\
            "bytes":[195,169],"top_logprobs":[{"token":"é","logprob":-0.5,"bytes":[195,169]}]}]}

            event: response.content_part.done
            data: {"type":"response.content_part.done","sequence_number":6,"item_id":"msg_90",\
            "output_index":0,"content_index":0,"part":{"type":"output_text","text":"é","annotations":[],\
            "logprobs":[{"token":"é","logprob":-0.5,"bytes":[195,169],\
            "top_logprobs":[{"token":"é","logprob":-0.5,"bytes":[195,169]}]}]}}

            event: response.output_item.done
            data: {"type":"response.output_item.done","sequence_number":7,"output_index":0,\
            "item":{"id":"msg_90","type":"message","status":"completed","role":"assistant",\
            "content":[{"type":"output_text","text":"é","annotations":[],"logprobs":[{"token":"é",\
            "logprob":-0.5,"bytes":[195,169],"top_logprobs":[{"token":"é","logprob":-0.5,"bytes":[195,169]}]}]}]}}

            event: response.completed
            data: {"type":"response.completed","sequence_number":8,"response":...}

            """);
  }

  @Test
  void thoughtsComeInAReasoningItem() throws Exception {
    assertThat(
            bare(
                written(
                    ",'include':['reasoning.encrypted_content']",
                    new AnswerEvent.Reasoning(0, "hm"),
                    new AnswerEvent.ChoiceFinished(0, FinishReason.STOP),
                    END)))
        .isEqualTo(
            """
            event: response.output_item.added
            data: {"type":"response.output_item.added","sequence_number":2,"output_index":0,\
            "item":{"id":"rs_90","type":"reasoning","summary":[],"content":[]}}

            event: response.content_part.added
            data: {"type":"response.content_part.added","sequence_number":3,"item_id":"rs_90",\
            "output_index":0,"content_index":0,"part":{"type":"reasoning_text","text":""}}

            event: response.reasoning_text.delta
            data: {"type":"response.reasoning_text.delta","sequence_number":4,"item_id":"rs_90",\
            "output_index":0,"content_index":0,"delta":"hm"}

            event: response.reasoning_text.done
            data: {"type":"response.reasoning_text.done","sequence_number":5,"item_id":"rs_90",\
            "output_index":0,"content_index":0,"text":"hm"}

            event: response.content_part.done
            data: {"type":"response.content_part.done","sequence_number":6,"item_id":"rs_90",\
            "output_index":0,"content_index":0,"part":{"type":"reasoning_text","text":"hm"}}

            event: response.output_item.done
            data: {"type":"response.output_item.done","sequence_number":7,"output_index":0,\
            "item":{"id":"rs_90","type":"reasoning","summary":[],\
            "content":[{"type":"reasoning_text","text":"hm"}],"encrypted_content":"yt1.aG0"}}

            event: response.completed
            data: {"type":"response.completed","sequence_number":8,"response":...}

            """);
  }

  @Test
  void callsComeWithTheirArguments() throws Exception {
    assertThat(
            bare(
                written(
                    ",'tools':[{'type':'function','name':'f'},{'type':'custom','name':'c'}]",
                    new AnswerEvent.CallStarted(0, 0, "call_1", "f"),
                    new AnswerEvent.CallArguments(0, 0, "{\"x\":"),
                    new AnswerEvent.CallArguments(0, 0, "1}"),
                    new AnswerEvent.CallStarted(0, 1, "call_2", "c"),
                    new AnswerEvent.CallArguments(0, 1, "{\"input\":"),
                    new AnswerEvent.CallArguments(0, 1, "\"a\\nb\"}"),
                    new AnswerEvent.ChoiceFinished(0, FinishReason.TOOL_CALLS),
                    END)))
        .isEqualTo(
            """
            event: response.output_item.added
            data: {"type":"response.output_item.added","sequence_number":2,"output_index":0,\
            "item":{"id":"fc_90","type":"function_call","status":"in_progress","call_id":"call_1","name":"f","arguments":""}}

            event: response.function_call_arguments.delta
            data: {"type":"response.function_call_arguments.delta","sequence_number":3,"item_id":"fc_90",\
            "output_index":0,"delta":"{\\"x\\":"}

            event: response.function_call_arguments.delta
            data: {"type":"response.function_call_arguments.delta","sequence_number":4,"item_id":"fc_90",\
            "output_index":0,"delta":"1}"}

            event: response.function_call_arguments.done
            data: {"type":"response.function_call_arguments.done","sequence_number":5,"item_id":"fc_90",\
            "output_index":0,"name":"f","arguments":"{\\"x\\":1}"}

            event: response.output_item.done
            data: {"type":"response.output_item.done","sequence_number":6,"output_index":0,\
            "item":{"id":"fc_90","type":"function_call","status":"completed","call_id":"call_1","name":"f","arguments":"{\\"x\\":1}"}}

            event: response.output_item.added
            data: {"type":"response.output_item.added","sequence_number":7,"output_index":1,\
            "item":{"id":"ctc_91","type":"custom_tool_call","status":"in_progress","call_id":"call_2","name":"c","input":""}}

            event: response.custom_tool_call_input.delta
            data: {"type":"response.custom_tool_call_input.delta","sequence_number":8,"item_id":"ctc_91",\
            "output_index":1,"delta":"a\\nb"}

            event: response.custom_tool_call_input.done
            data: {"type":"response.custom_tool_call_input.done","sequence_number":9,"item_id":"ctc_91",\
            "output_index":1,"input":"a\\nb"}

            event: response.output_item.done
            data: {"type":"response.output_item.done","sequence_number":10,"output_index":1,\
            "item":{"id":"ctc_91","type":"custom_tool_call","status":"completed","call_id":"call_2","name":"c","input":"a\\nb"}}

            event: response.completed
            data: {"type":"response.completed","sequence_number":11,"response":...}

            """);
  }

  @Test
  void theLastEventSaysHowItEnded() throws Exception {
    String cut = written("", new AnswerEvent.ChoiceFinished(0, FinishReason.LENGTH), END);
    assertThat(cut)
        .contains("\"type\":\"message\",\"status\":\"incomplete\"")
        .contains("event: response.incomplete\n")
        .contains(
            "\"status\":\"incomplete\",\"error\":null,\"incomplete_details\":{\"reason\":\"max_output_tokens\"}");
    assertThat(written("", new AnswerEvent.ChoiceFinished(0, FinishReason.CONTENT_FILTER), END))
        .contains("event: response.incomplete\n")
        .contains("\"incomplete_details\":{\"reason\":\"content_filter\"}");
    assertThat(cut)
        .contains(
            """
            "usage":{"input_tokens":7,"input_tokens_details":{"cached_tokens":3,"cache_write_tokens":0},"output_tokens":9,\
            "output_tokens_details":{"reasoning_tokens":2},"total_tokens":16}}}\
            """);
    assertThat(
            written(
                "",
                new AnswerEvent.Delta(0, "a", List.of()),
                new AnswerEvent.Failed(ApiError.internal("it broke"))))
        .contains("event: response.failed\n")
        .contains(
            "\"status\":\"failed\",\"error\":{\"code\":\"server_error\",\"message\":\"it broke\"}");
  }
}
