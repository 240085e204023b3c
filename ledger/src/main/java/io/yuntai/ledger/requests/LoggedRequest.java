package io.yuntai.ledger.requests;

import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.tenancy.Texts;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What became of one request. Texts that came from outside are cut and cleaned on the way in.
 *
 * @param requestId what the answer's {@code x-request-id} says
 * @param at when it came, by this gateway's clock
 * @param tokens as they were charged, or as they were counted where nothing was
 */
public record LoggedRequest(
    String requestId,
    Instant at,
    Asker asker,
    Asked asked,
    Served served,
    Stages stages,
    MeteredTokens tokens,
    Outcome outcome,
    Cost cost) {
  private static final int MAX_NAME = 200;
  private static final int MAX_CODE = 64;
  private static final int MAX_ATTEMPTS = 20;

  /**
   * Who asked; numbers of rows, 0 for none.
   *
   * @param orgId 0 where nobody is known
   * @param client what the program calls itself, as {@code User-Agent}
   */
  public record Asker(long orgId, long projectId, long userId, long keyId, String client) {
    /** Nobody who is known. */
    public static final Asker NOBODY = new Asker(0, 0, 0, 0, "");

    /** Cuts. */
    public Asker {
      client = clean(client, MAX_NAME);
    }
  }

  /**
   * What was asked for.
   *
   * @param dialect {@code openai}, {@code anthropic}, {@code dashscope}, {@code ollama}, {@code
   *     responses}, {@code batch} or {@code console}
   * @param operation {@code chat}, {@code completion}, {@code embedding} or {@code rerank}; empty
   *     for a request that was refused before it was read
   * @param model as the request names it; empty as above
   * @param streamed whether the answer was to come as it is made
   * @param traceId 32 hexadecimal digits; empty where it is part of no trace
   */
  public record Asked(
      String dialect, String operation, String model, boolean streamed, String traceId) {
    /** Cuts. */
    public Asked {
      model = clean(model, MAX_NAME);
      traceId = clean(traceId, MAX_CODE);
    }
  }

  /**
   * Who answered.
   *
   * @param model the model's own name where it was asked; empty where none was
   * @param route the route's name; empty for none
   * @param target the route's target that answered last; empty for none
   * @param attempts targets that were asked, in their order; empty for no route
   */
  public record Served(String model, String route, String target, List<Attempt> attempts) {
    /** Nobody. */
    public static final Served NONE = new Served("", "", "", List.of());

    /** Cuts and copies. */
    public Served {
      model = clean(model, MAX_NAME);
      route = clean(route, MAX_NAME);
      target = clean(target, MAX_NAME);
      attempts = attempts.stream().limit(MAX_ATTEMPTS).toList();
    }
  }

  /**
   * A target that was asked.
   *
   * @param outcome {@code ok}, or what went wrong, such as {@code timeout}
   * @param micros from asking it to its last word
   */
  public record Attempt(String target, String outcome, long micros) {
    /** Cuts. */
    public Attempt {
      target = clean(target, MAX_NAME);
      outcome = clean(outcome, MAX_CODE);
    }
  }

  /**
   * How long each stage took, in microseconds; {@link #NONE} for one that did not happen. In their
   * order, with little between them; {@code firstToken} and {@code total} are from the beginning.
   *
   * @param auth finding out who asks
   * @param prepare reading the request and making a prompt of it, until the budget is asked
   * @param hold asking the budgets and holding what the answer may cost
   * @param queue waiting for a place in the engine
   * @param prefill computing the prompt up to the first token; of a route, asking targets until one
   *     of them gave one
   * @param firstToken from the beginning to the first token
   * @param decode from the first token to the last
   * @param settle writing down what it cost
   * @param total all of it, until the last byte was written
   */
  public record Stages(
      long auth,
      long prepare,
      long hold,
      long queue,
      long prefill,
      long firstToken,
      long decode,
      long settle,
      long total) {
    /** It did not happen. */
    public static final long NONE = -1;
  }

  /**
   * How it ended.
   *
   * @param status of HTTP; 499 where the client left before its end
   * @param errorCode of what went wrong; empty where nothing did
   * @param finish why the answer ended, such as {@code stop}; empty where it did not
   */
  public record Outcome(int status, String errorCode, String finish) {
    /** Cuts. */
    public Outcome {
      errorCode = clean(errorCode, MAX_CODE);
      finish = clean(finish, MAX_CODE);
    }
  }

  /**
   * What it cost: copies of what the ledger was told.
   *
   * @param usageId under which the ledger knows it; null where it never was let in
   * @param cardId the prices that it was rated with; 0 for none
   * @param amountNano in the organisation's currency
   * @param residuePico what is left of the exact price, 0 to 999
   */
  public record Cost(@Nullable UUID usageId, long cardId, long amountNano, int residuePico) {
    /** It was not let in. */
    public static final Cost NONE = new Cost(null, 0, 0, 0);
  }

  /** Checks what a row must have. */
  public LoggedRequest {
    if (requestId.isEmpty() || requestId.length() > MAX_CODE) {
      throw new IllegalArgumentException("a request's id has 1 to 64 characters: " + requestId);
    }
  }

  /** PostgreSQL takes no zero in a text, and nobody wants to see the rest. */
  private static String clean(String text, int most) {
    int end = text.offsetByCodePoints(0, Math.min(most, text.codePointCount(0, text.length())));
    String cut = text.substring(0, end);
    if (cut.codePoints().allMatch(Texts::isPrintable)) {
      return cut;
    }
    StringBuilder clean = new StringBuilder();
    cut.codePoints().map(c -> Texts.isPrintable(c) ? c : '?').forEach(clean::appendCodePoint);
    return clean.toString();
  }
}
