package io.yuntai.server.api;

import io.yuntai.dialect.AnswerBuilder;
import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.AnswerStream;
import io.yuntai.dialect.ApiError;
import io.yuntai.server.gateway.RunningAnswer;
import io.yuntai.server.runs.RunTask;
import java.io.ByteArrayOutputStream;

/** An answer that is written into a run's log. */
final class AnswerRun {
  private AnswerRun() {}

  /** Works until the answer is complete, has failed, or can't be written any more. */
  static void work(RunningAnswer answer, boolean stream, AnswerFormat format, RunTask.Output output)
      throws InterruptedException {
    if (stream) {
      stream(answer, format.stream(answer.head()), output);
    } else {
      whole(answer, format, output);
    }
  }

  private static void whole(RunningAnswer answer, AnswerFormat format, RunTask.Output output)
      throws InterruptedException {
    AnswerBuilder builder = new AnswerBuilder(answer.head());
    while (true) {
      AnswerEvent event = answer.next();
      builder.add(event);
      if (event instanceof AnswerEvent.Failed(ApiError error)) {
        output.fail(error);
        return;
      }
      if (event instanceof AnswerEvent.Finished) {
        output.append(format.whole(builder.toAnswer()));
        return;
      }
    }
  }

  private static void stream(RunningAnswer answer, AnswerStream encoder, RunTask.Output output)
      throws InterruptedException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    boolean begun = false;
    while (true) {
      AnswerEvent event = answer.next();
      boolean failed = event instanceof AnswerEvent.Failed;
      // Where nothing has been said, the failure can be told as a status of its own.
      if (begun || !failed) {
        bytes.writeBytes(encoder.encode(event));
      }
      if (failed || event instanceof AnswerEvent.Finished || !answer.hasReady()) {
        begun = begun || bytes.size() > 0;
        if (!output.append(bytes.toByteArray())) {
          answer.cancel();
          return;
        }
        bytes.reset();
      }
      if (event instanceof AnswerEvent.Failed(ApiError error)) {
        output.fail(error);
        return;
      }
      if (event instanceof AnswerEvent.Finished) {
        return;
      }
    }
  }
}
