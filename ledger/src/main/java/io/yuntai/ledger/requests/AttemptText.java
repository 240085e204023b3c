package io.yuntai.ledger.requests;

import io.yuntai.ledger.requests.LoggedRequest.Attempt;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** Attempts as JSON, as they are kept. */
final class AttemptText {
  private static final JsonMapper JSON = new JsonMapper();

  private AttemptText() {}

  static String write(List<Attempt> attempts) {
    return JSON.writeValueAsString(attempts);
  }

  static List<Attempt> read(String text) {
    return List.of(JSON.readValue(text, Attempt[].class));
  }
}
