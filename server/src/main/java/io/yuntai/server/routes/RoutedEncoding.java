package io.yuntai.server.routes;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.EncoderAnswer;
import io.yuntai.server.gateway.EncoderGateway.Pending;
import io.yuntai.server.upstream.UpstreamException;
import io.yuntai.server.upstream.UpstreamException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Vectors or an order of documents of whichever target gives them. Such an answer comes as a whole,
 * so that another target can always begin anew.
 */
final class RoutedEncoding implements Pending<EncoderAnswer> {
  private final Attempts<EncoderAttempt> attempts;

  /** Written by the reading thread, cancelled by others. */
  private volatile @Nullable EncoderAttempt attempt;

  private volatile boolean cancelled;
  private volatile boolean stopping;

  RoutedEncoding(Attempts<EncoderAttempt> attempts) {
    this.attempts = attempts;
  }

  @Override
  public EncoderAnswer answer() throws InterruptedException, ApiException {
    while (true) {
      EncoderAttempt current = attempts.next();
      attempt = current;
      if (cancelled) {
        current.cancel(); // before it was known here
      }
      try {
        return current.answer();
      } catch (UpstreamException e) {
        if (cancelled && stopping) {
          throw new ApiException(
              ApiError.unavailable(
                  "server_stopping", "The server is stopping; ask again later.", 5));
        }
        if (cancelled || e.kind() == Kind.REQUEST_REFUSED) {
          throw new ApiException(e.error());
        }
        attempts.failed(current.label(), e);
        current.close();
      }
    }
  }

  @Override
  public void cancel() {
    cancelled = true;
    EncoderAttempt current = attempt;
    if (current != null) {
      current.cancel();
    }
  }

  @Override
  public void tellStopping() {
    stopping = true;
    cancel();
  }

  @Override
  public void close() {
    EncoderAttempt current = attempt;
    if (current != null) {
      current.close();
    }
  }
}
