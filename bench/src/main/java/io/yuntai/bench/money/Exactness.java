package io.yuntai.bench.money;

import io.yuntai.bench.BenchException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Five questions that other gateways were asked, too: whether a key for exactly 50 requests passes
 * 50, at once and one by one, and whether streams that are left, and such whose usage nobody asks
 * for, are billed to the token.
 */
final class Exactness {
  private static final int REQUESTS_PAID = 50;
  private static final int STREAMS = 100;
  private static final int LEAVE_AFTER = CountingUpstream.TOKENS / 2;
  private static final Pattern ROW =
      Pattern.compile(
          "\"of\":\"\\S* (\\w+)\",\"requests\":(\\d+),\"input_tokens\":(\\d+),\"cached_tokens\":(\\d+),\"output_tokens\":(\\d+),\"amount\":\"([0-9.]+)\"");

  private final Product product;
  private final CountingUpstream upstream;

  Exactness(Product product, CountingUpstream upstream) {
    this.product = product;
    this.upstream = upstream;
  }

  /** What was billed to a key. */
  private record Billed(long requests, long output, String amount) {}

  /** Rows of a Markdown table. */
  List<String> rows() throws IOException {
    product.tenant("exact");
    List<String> rows = new ArrayList<>();
    String together = product.key("exact", "a", REQUESTS_PAID + "/total");
    long passed = served(atOnce(4 * REQUESTS_PAID, () -> whole(together)));
    rows.add(
        "| A: %d at once, passed | %d | **%d** (billed %s) |"
            .formatted(4 * REQUESTS_PAID, REQUESTS_PAID, passed, billed("a", passed).amount()));
    String single = product.key("exact", "b", REQUESTS_PAID + "/total");
    List<ChatClient.Answer> answers = new ArrayList<>();
    for (int i = 0; i < 2 * REQUESTS_PAID; i++) {
      answers.add(whole(single));
    }
    long singly = served(answers);
    rows.add(
        "| B: %d one by one, passed | %d | **%d** (billed %s) |"
            .formatted(2 * REQUESTS_PAID, REQUESTS_PAID, singly, billed("b", singly).amount()));
    rows.addAll(left("C", true));
    rows.addAll(left("D", false));
    String whole = product.key("exact", "e", "100000/total");
    long all =
        served(
            atOnce(
                STREAMS,
                () -> ChatClient.ask(product.port(), whole, true, false, Integer.MAX_VALUE)));
    Billed billed = billed("e", all);
    rows.add(
        "| E: read to the end, usage not asked: tokens billed of %,d | %,d | **%,d** |"
            .formatted(
                STREAMS * 100,
                STREAMS * 100,
                billed.output() + billed.requests() * CountingUpstream.PROMPT_TOKENS));
    rows.add(new UsageDelay(product, "exact").row(whole));
    return rows;
  }

  private List<String> left(String name, boolean usage) {
    String key = product.key("exact", name.toLowerCase(java.util.Locale.ROOT), "100000/total");
    long before = upstream.made();
    List<ChatClient.Answer> answers =
        atOnce(STREAMS, () -> ChatClient.ask(product.port(), key, true, usage, LEAVE_AFTER));
    long received = answers.stream().mapToLong(ChatClient.Answer::tokens).sum();
    Billed billed = billed(name.toLowerCase(java.util.Locale.ROOT), STREAMS);
    long made = upstream.made() - before;
    return List.of(
        "| %s: client leaves after %d of %d tokens%s: output tokens billed | %,d | **%,d** |"
            .formatted(
                name,
                LEAVE_AFTER,
                CountingUpstream.TOKENS,
                usage ? "" : ", usage not asked",
                received,
                billed.output()),
        "| – upstream made until it was stopped | | %,d |".formatted(made));
  }

  private ChatClient.Answer whole(String key) {
    return ChatClient.ask(product.port(), key, false, false, Integer.MAX_VALUE);
  }

  private static long served(List<ChatClient.Answer> answers) {
    return answers.stream().filter(a -> a.status() == 200 && a.complete()).count();
  }

  private static List<ChatClient.Answer> atOnce(int count, Supplier<ChatClient.Answer> request) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<ChatClient.Answer>> asked = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        asked.add(threads.submit(request::get));
      }
      List<ChatClient.Answer> answers = new ArrayList<>();
      for (Future<ChatClient.Answer> one : asked) {
        answers.add(one.get());
      }
      return answers;
    } catch (ExecutionException e) {
      throw new BenchException("a request failed: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted", e);
    }
  }

  /** Usage is settled a moment later. */
  private Billed billed(String key, long requests) {
    Billed billed = new Billed(0, 0, "0");
    for (int tries = 0; tries < 20; tries++) {
      Matcher row = ROW.matcher(product.run("usage", "--tenant", "exact", "--by", "key", "--json"));
      while (row.find()) {
        if (row.group(1).equals(key)) {
          billed =
              new Billed(Long.parseLong(row.group(2)), Long.parseLong(row.group(5)), row.group(6));
        }
      }
      if (billed.requests() >= requests) {
        return billed;
      }
      LockSupport.parkNanos(500_000_000);
    }
    return billed;
  }
}
