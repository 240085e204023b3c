package io.yuntai.server.admin;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.keys.SealedAnswers;
import io.yuntai.ledger.keys.SealedAnswers.Stored;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.server.http.Exchange;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Does a request that its sender named once: sent again with the same body it gets the same answer.
 * The change and its answer are one transaction.
 */
public final class OnceOnly {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String ETAG = "etag";
  private static final String BODY = "body";

  private final Transactions database;
  private final SealedAnswers answers;

  /** With the answers of this database. */
  public OnceOnly(Transactions database, SealedAnswers answers) {
    this.database = database;
    this.answers = answers;
  }

  /** What is to be done. */
  @FunctionalInterface
  interface Work {
    AdminAnswer answer() throws ApiException;
  }

  /** Carries a refusal out of a transaction. */
  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient ApiException told;

    Refusal(ApiException told) {
      super(told);
      this.told = told;
    }
  }

  AdminAnswer answer(Actor actor, Exchange exchange, Work work) throws ApiException {
    try {
      return database.run(connection -> answerWithin(actor, exchange, work));
    } catch (Refusal refusal) {
      throw refusal.told;
    }
  }

  private AdminAnswer answerWithin(Actor actor, Exchange exchange, Work work) {
    String name = exchange.idempotencyKey().orElseThrow();
    byte[] digest = digest(exchange);
    Optional<Stored> earlier = answers.take(actor, name);
    if (earlier.isPresent()) {
      if (!MessageDigest.isEqual(earlier.get().requestSha256(), digest)) {
        throw new Refusal(
            new ApiException(
                ApiError.invalidRequest(
                    422,
                    "idempotency_key_reused",
                    "The idempotency key was used for another request: choose a new one.")));
      }
      exchange.header("Idempotent-Replayed", "true");
      return read(earlier.get());
    }
    try {
      AdminAnswer answer = work.answer();
      answers.keep(actor, name, stored(digest, answer));
      return answer;
    } catch (ApiException refusal) {
      throw new Refusal(refusal);
    }
  }

  /** Of requests without a body by their line. */
  private static byte[] digest(Exchange exchange) {
    byte[] ofBody = exchange.bodyDigest();
    if (ofBody.length > 0) {
      return ofBody;
    }
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest((exchange.method() + " " + exchange.path()).getBytes(StandardCharsets.UTF_8));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static Stored stored(byte[] digest, AdminAnswer answer) {
    var node = JSON.createObjectNode();
    if (answer.version().isPresent()) {
      node.put(ETAG, answer.version().getAsLong());
    }
    if (answer.body() != null) {
      node.set(BODY, answer.body());
    }
    return new Stored(digest, answer.status(), JSON.writeValueAsBytes(node));
  }

  private static AdminAnswer read(Stored stored) {
    JsonNode node = JSON.readTree(stored.body());
    return new AdminAnswer(
        stored.status(),
        node.get(BODY),
        node.has(ETAG) ? OptionalLong.of(node.get(ETAG).longValue()) : OptionalLong.empty());
  }
}
