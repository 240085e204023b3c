package io.yuntai.server.gateway;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.engine.Encoding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Vectors or scores in the making; collected by one thread. */
final class RunningEncoding implements Running, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunningEncoding.class);

  private final String model;
  private final Encoding encoding;
  private final long tokens;
  private final Metering.Admitted admitted;
  private volatile boolean stopping;

  /**
   * @param tokens of all its sequences
   * @param admitted counts them when there are results
   */
  RunningEncoding(String model, Encoding encoding, long tokens, Metering.Admitted admitted) {
    this.model = model;
    this.encoding = encoding;
    this.tokens = tokens;
    this.admitted = admitted;
  }

  long tokens() {
    return tokens;
  }

  /**
   * A row for each sequence.
   *
   * @throws ApiException when it fails or is ended on the way
   */
  float[][] results() throws InterruptedException, ApiException {
    return switch (encoding.await()) {
      case Encoding.Outcome.Done(float[][] results) -> {
        admitted.computed(tokens);
        yield results;
      }
      case Encoding.Outcome.Cancelled _ ->
          throw new ApiException(
              stopping ? stoppingError() : ApiError.internal("The request was cancelled."));
      case Encoding.Outcome.Shutdown _ -> throw new ApiException(stoppingError());
      case Encoding.Outcome.Failed failed -> {
        // What the engine says is for its operator.
        LOG.error("{}: {}", model, failed.message());
        throw new ApiException(
            ApiError.internal("The model `%s` failed to answer.".formatted(model)));
      }
    };
  }

  @Override
  public void cancel() {
    encoding.cancel();
  }

  @Override
  public void tellStopping() {
    stopping = true;
    encoding.cancel();
  }

  @Override
  public void close() {
    encoding.close();
    admitted.abandon();
  }

  private static ApiError stoppingError() {
    return ApiError.unavailable("server_stopping", "The server is stopping; ask again later.", 5);
  }
}
