package io.yuntai.dialect.responses;

import io.yuntai.dialect.TokenLogprob;
import io.yuntai.dialect.json.JsonBytes;
import java.util.List;

/** The API's events as server-sent events, numbered in their order. For one thread. */
final class ResponseEvents {
  private int sequence;

  void response(JsonBytes out, String type, ResponseObject response) {
    begin(out, type).raw(",\"response\":").raw(response.json());
    end(out);
  }

  void itemAdded(JsonBytes out, OpenItem item, int index) {
    begin(out, "response.output_item.added").raw(",\"output_index\":").number(index);
    out.raw(",\"item\":").raw(item.json("in_progress"));
    end(out);
  }

  void itemDone(JsonBytes out, int index, byte[] item) {
    begin(out, "response.output_item.done").raw(",\"output_index\":").number(index);
    out.raw(",\"item\":").raw(item);
    end(out);
  }

  void partAdded(JsonBytes out, OpenItem item, int index) {
    place(begin(out, "response.content_part.added"), item, index);
    out.raw(",\"part\":").raw(item.emptyPart());
    end(out);
  }

  /** A piece of words or thoughts. */
  void textDelta(
      JsonBytes out, OpenItem item, int index, String text, List<TokenLogprob> logprobs) {
    boolean words = item.kind() == OpenItem.Kind.MESSAGE;
    place(
        begin(out, words ? "response.output_text.delta" : "response.reasoning_text.delta"),
        item,
        index);
    out.raw(",\"delta\":").text(text);
    if (words) {
      out.raw(",\"logprobs\":");
      ResponseLogprobs.write(out, logprobs);
    }
    end(out);
  }

  void argumentsDelta(JsonBytes out, OpenItem item, int index, String json) {
    callPlace(begin(out, "response.function_call_arguments.delta"), item, index);
    out.raw(",\"delta\":").text(json);
    end(out);
  }

  /** What an item holds is complete. */
  void contentDone(JsonBytes out, OpenItem item, int index) {
    switch (item.kind()) {
      case MESSAGE, REASONING -> textDone(out, item, index);
      case FUNCTION_CALL -> {
        callPlace(begin(out, "response.function_call_arguments.done"), item, index);
        out.raw(",\"name\":").text(item.name()).raw(",\"arguments\":").text(item.text());
        end(out);
      }
      case CUSTOM_CALL -> {
        callPlace(begin(out, "response.custom_tool_call_input.delta"), item, index);
        out.raw(",\"delta\":").text(item.input());
        end(out);
        callPlace(begin(out, "response.custom_tool_call_input.done"), item, index);
        out.raw(",\"input\":").text(item.input());
        end(out);
      }
    }
  }

  private void textDone(JsonBytes out, OpenItem item, int index) {
    boolean words = item.kind() == OpenItem.Kind.MESSAGE;
    place(
        begin(out, words ? "response.output_text.done" : "response.reasoning_text.done"),
        item,
        index);
    out.raw(",\"text\":").text(item.text());
    if (words) {
      out.raw(",\"logprobs\":");
      ResponseLogprobs.write(out, item.logprobs());
    }
    end(out);
    place(begin(out, "response.content_part.done"), item, index);
    out.raw(",\"part\":").raw(item.part());
    end(out);
  }

  private static void place(JsonBytes out, OpenItem item, int index) {
    callPlace(out, item, index);
    out.raw(",\"content_index\":0");
  }

  private static void callPlace(JsonBytes out, OpenItem item, int index) {
    out.raw(",\"item_id\":").text(item.id()).raw(",\"output_index\":").number(index);
  }

  private JsonBytes begin(JsonBytes out, String type) {
    return out.raw("event: ")
        .raw(type)
        .raw("\ndata: {\"type\":\"")
        .raw(type)
        .raw("\",\"sequence_number\":")
        .number(sequence++);
  }

  private static void end(JsonBytes out) {
    out.raw("}\n\n");
  }
}
