package io.yuntai.ledger.requests;

import io.yuntai.ledger.tenancy.RefusedException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Which requests are looked for; all that is empty lets everything through.
 *
 * @param from the first instant at which they came
 * @param to the end, which is not in it
 * @param project its name
 * @param key the key's id
 * @param person the address of who asked without a key, as people do in the console
 * @param model as asked or as served
 * @param dialect one of {@link LoggedRequest.Asked#dialect}
 * @param status of HTTP
 * @param failed whether something went wrong
 * @param errorCode what went wrong
 * @param streamed whether the answer was to come as it is made
 * @param slowerThanMicros took longer than this in all
 */
public record RequestFilter(
    Optional<Instant> from,
    Optional<Instant> to,
    Optional<String> project,
    Optional<String> key,
    Optional<String> person,
    Optional<String> model,
    Optional<String> dialect,
    OptionalInt status,
    Optional<Boolean> failed,
    Optional<String> errorCode,
    Optional<Boolean> streamed,
    OptionalLong slowerThanMicros) {
  /** Everything. */
  public static final RequestFilter ALL =
      new RequestFilter(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          OptionalLong.empty());

  /** Refuses an end before the beginning. */
  public RequestFilter {
    if (from.isPresent() && to.isPresent() && !from.get().isBefore(to.get())) {
      throw RefusedException.invalid("to", "The time looked at ends after it begins.");
    }
  }

  /** What came in a time. */
  public static RequestFilter between(Instant from, Instant to) {
    return new RequestFilter(
        Optional.of(from),
        Optional.of(to),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty());
  }
}
