package io.yuntai.dialect.responses;

import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.AnswerStream;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.FinishReason;
import io.yuntai.dialect.json.JsonBytes;
import io.yuntai.dialect.responses.OpenItem.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One answer's events to this API's, numbered from 0; at each point it also knows the response
 * object. For one thread.
 */
public final class ResponseStream implements AnswerStream {
  private final ResponseObject response;
  private final ResponsesRequest request;
  private final ResponseEvents events = new ResponseEvents();
  private @Nullable OpenItem open;
  private boolean begun;
  private int made;
  private FinishReason reason = FinishReason.STOP;

  /**
   * @param id of the response
   * @param createdEpochSeconds when the request came
   */
  public ResponseStream(String id, long createdEpochSeconds, ResponsesRequest request) {
    this.response = new ResponseObject(id, createdEpochSeconds, request);
    this.request = request;
  }

  /** The response object as it stands. */
  public ResponseObject response() {
    return response;
  }

  @Override
  public byte[] encode(AnswerEvent event) {
    JsonBytes out = new JsonBytes(512);
    if (!begun) {
      begun = true;
      events.response(out, "response.created", response);
      events.response(out, "response.in_progress", response);
    }
    switch (event) {
      case AnswerEvent.Counted _, AnswerEvent.Started _, AnswerEvent.ReasoningSigned _ -> {}
      case AnswerEvent.Delta delta -> delta(out, delta);
      case AnswerEvent.Reasoning more -> {
        OpenItem item = text(out, Kind.REASONING);
        item.append(more.text());
        events.textDelta(out, item, index(), more.text(), List.of());
      }
      case AnswerEvent.CallStarted call -> call(out, call);
      case AnswerEvent.CallArguments more -> arguments(out, more);
      case AnswerEvent.ChoiceFinished end -> choiceFinished(out, end);
      case AnswerEvent.Finished end -> {
        response.finish(reason, end.usage());
        events.response(out, "response." + response.status(), response);
      }
      case AnswerEvent.Failed(ApiError error) -> {
        response.fail(error);
        events.response(out, "response.failed", response);
      }
    }
    return out.toBytes();
  }

  private int index() {
    return response.size();
  }

  private void delta(JsonBytes out, AnswerEvent.Delta delta) {
    if (delta.text().isEmpty() && delta.logprobs().isEmpty()) {
      return;
    }
    OpenItem item = text(out, Kind.MESSAGE);
    item.append(delta.text());
    item.append(delta.logprobs());
    events.textDelta(out, item, index(), delta.text(), delta.logprobs());
  }

  private OpenItem text(JsonBytes out, Kind kind) {
    if (open != null && open.kind() == kind) {
      return open;
    }
    close(out, "completed");
    String prefix = kind == Kind.REASONING ? "rs_" : "msg_";
    OpenItem item = new OpenItem(kind, nextId(prefix), "", "", request.encryptedReasoning());
    open = item;
    events.itemAdded(out, item, index());
    events.partAdded(out, item, index());
    return item;
  }

  private String nextId(String prefix) {
    return prefix + response.idSuffix() + made++;
  }

  private void call(JsonBytes out, AnswerEvent.CallStarted call) {
    close(out, "completed");
    boolean custom = request.customTools().contains(call.name());
    OpenItem item =
        new OpenItem(
            custom ? Kind.CUSTOM_CALL : Kind.FUNCTION_CALL,
            nextId(custom ? "ctc_" : "fc_"),
            call.id(),
            call.name(),
            false);
    open = item;
    events.itemAdded(out, item, index());
  }

  private void arguments(JsonBytes out, AnswerEvent.CallArguments more) {
    OpenItem item = open;
    if (item == null) {
      return;
    }
    item.append(more.json());
    if (item.kind() == Kind.FUNCTION_CALL) {
      events.argumentsDelta(out, item, index(), more.json());
    }
  }

  private void choiceFinished(JsonBytes out, AnswerEvent.ChoiceFinished end) {
    reason = end.reason();
    if (open == null && response.size() == 0) {
      text(out, Kind.MESSAGE); // an answer without a word is still an answer
    }
    close(out, end.reason() == FinishReason.LENGTH ? "incomplete" : "completed");
  }

  private void close(JsonBytes out, String status) {
    OpenItem item = open;
    if (item != null) {
      events.contentDone(out, item, index());
      byte[] json = item.json(status);
      events.itemDone(out, index(), json);
      response.add(json);
      open = null;
    }
  }
}
