package io.yuntai.console;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.ledger.identity.SignInException;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.server.api.Problems;
import io.yuntai.server.auth.AuthApi;
import io.yuntai.server.http.Exchange;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refusals of the floors below, as errors of HTTP. */
final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

  private Refusals() {}

  /** What may be refused. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws ApiException, IOException, InterruptedException;
  }

  /** Does it, and says refusals as HTTP does. */
  static <T> T told(Exchange exchange, Work<T> work)
      throws ApiException, IOException, InterruptedException {
    try {
      return work.run();
    } catch (RefusedException refusal) {
      throw new ApiException(Problems.of(refusal));
    } catch (SignInException refusal) {
      throw new ApiException(AuthApi.error(refusal));
    } catch (DatabaseException failure) {
      LOG.warn("{}: {}", exchange.requestId(), failure.getMessage(), failure);
      throw new ApiException(
          ApiError.unavailable(
              "database_unavailable",
              "The database can't be asked now; the server's log has more under %s."
                  .formatted(exchange.requestId()),
              5));
    }
  }
}
