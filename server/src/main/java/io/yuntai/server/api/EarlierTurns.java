package io.yuntai.server.api;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.responses.ResponsesRequest;
import io.yuntai.ledger.responses.ResponseStore;
import io.yuntai.ledger.responses.StoredResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** The conversations that responses go on from. Safe for use by many threads. */
final class EarlierTurns {
  private final ResponseStore store;

  EarlierTurns(ResponseStore store) {
    this.store = store;
  }

  /**
   * The item arrays of the turns before a request's own, the oldest first.
   *
   * @throws ApiException 400 where they are not kept
   */
  List<byte[]> before(ResponsesRequest request, String tenant) throws ApiException {
    if (request.previousResponseId().isEmpty()) {
      return List.of();
    }
    String id = request.previousResponseId().get();
    List<StoredResponse> turns = store.conversation(tenant, id);
    if (turns.isEmpty()) {
      throw notKept(
          "Previous response with id '%s' not found: it was never stored, or is kept no longer."
              .formatted(id));
    }
    if (turns.getFirst().previousId().isPresent()) {
      throw notKept(
          "The conversation before '%s' is kept no longer; send its items as 'input'."
              .formatted(id));
    }
    return turns.stream()
        .flatMap(turn -> Stream.of(turn.items(), turn.output()))
        .map(items -> items.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  private static ApiException notKept(String message) {
    return new ApiException(
        ApiError.invalidField("previous_response_not_found", "previous_response_id", message));
  }
}
