package io.yuntai.server.api;

import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.responses.ResponseObject;
import io.yuntai.dialect.responses.ResponseStream;
import io.yuntai.ledger.responses.StoredResponse;
import io.yuntai.server.gateway.Principal;
import io.yuntai.server.gateway.RunningAnswer;
import io.yuntai.server.http.InFlight;
import io.yuntai.server.runs.Run;
import io.yuntai.server.runs.Run.Status;
import io.yuntai.server.runs.RunTask;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Responses that nobody waits for: runs that keep their response. Safe for use by many threads. */
final class BackgroundResponses {
  private static final String IN_PROGRESS = "\"status\":\"in_progress\",\"error\":null";
  private static final String CANCELLED = "\"status\":\"cancelled\",\"error\":null";
  private static final String LOST =
      "\"status\":\"failed\",\"error\":{\"code\":\"server_error\",\"message\":\"The server stopped before this response was complete.\"}";

  private final Services services;
  private final Map<String, String> runIds = new ConcurrentHashMap<>();

  BackgroundResponses(Services services) {
    this.services = services;
  }

  /** Begins one; it is kept from now on. */
  Run start(ChatRequest chat, Principal asker, ResponseFormat format) throws ApiException {
    RunningAnswer answer = services.gateway().start(chat, asker);
    boolean begun = false;
    try {
      format.keep(
          new ResponseObject(format.id(), format.created().getEpochSecond(), format.request()));
      Run run =
          services
              .runs()
              .start(
                  asker.id(), chat.model(), true, answer, output -> work(answer, format, output));
      runIds.put(format.id(), run.id());
      begun = true;
      return run;
    } finally {
      if (!begun) {
        answer.close();
      }
    }
  }

  private void work(RunningAnswer answer, ResponseFormat format, RunTask.Output output)
      throws InterruptedException {
    try (RunningAnswer open = answer;
        InFlight.Listed _ = services.inFlight().list(answer)) {
      ResponseStream stream =
          new ResponseStream(format.id(), format.created().getEpochSecond(), format.request());
      AnswerEvent event;
      do {
        event = open.next();
        byte[] bytes = stream.encode(event);
        boolean last = event instanceof AnswerEvent.Finished || event instanceof AnswerEvent.Failed;
        if (last && !runCancelled(format)) {
          format.keep(stream.response());
        }
        if (!output.append(bytes)) {
          open.cancel();
          return;
        }
      } while (!(event instanceof AnswerEvent.Finished || event instanceof AnswerEvent.Failed));
      if (event instanceof AnswerEvent.Failed(ApiError error)) {
        output.fail(error);
      }
    }
  }

  private boolean runCancelled(ResponseFormat format) {
    return run(format.tenant(), format.id())
        .filter(run -> run.status() == Status.CANCELLED)
        .isPresent();
  }

  /** The run that makes a response, while it is remembered. */
  Optional<Run> run(Principal asker, String id) {
    return run(asker.id(), id);
  }

  private Optional<Run> run(String tenant, String id) {
    String runId = runIds.get(id);
    if (runId == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(services.runs().find(tenant, runId));
    } catch (ApiException _) {
      runIds.remove(id);
      return Optional.empty();
    }
  }

  /** Ends a response that is being made, and keeps that it was. */
  void cancel(Principal asker, String id) {
    Optional<Run> run = run(asker, id).filter(r -> r.status() == Status.RUNNING);
    if (run.isPresent()) {
      run.get().cancel();
      services
          .responses()
          .find(asker.id(), id)
          .ifPresent(response -> services.responses().save(with(response, CANCELLED)));
    }
  }

  private static StoredResponse with(StoredResponse response, String status) {
    return new StoredResponse(
        response.id(),
        response.tenant(),
        response.previousId(),
        response.created(),
        response.items(),
        response.output(),
        replaced(response.body(), status));
  }

  /** The first place is the object's own: what comes before it is its name and its time. */
  private static String replaced(String body, String status) {
    int at = body.indexOf(IN_PROGRESS);
    return at < 0 || at > 200
        ? body
        : body.substring(0, at) + status + body.substring(at + IN_PROGRESS.length());
  }

  /** A response object; one that nobody is making any more has failed. */
  String asItStands(Principal asker, StoredResponse response) {
    boolean made =
        run(asker, response.id()).filter(run -> run.status() == Status.RUNNING).isPresent();
    if (made) {
      return response.body();
    }
    // It may have become complete a moment ago.
    StoredResponse now = services.responses().find(asker.id(), response.id()).orElse(response);
    return replaced(now.body(), LOST);
  }
}
