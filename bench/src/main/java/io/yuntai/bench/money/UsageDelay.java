package io.yuntai.bench.money;

import io.yuntai.bench.BenchException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long after the end of an answer its usage is to be had from the Admin API. */
final class UsageDelay {
  private static final int REQUESTS = 50;
  private static final long GIVE_UP_NANOS = 10_000_000_000L;
  private static final Pattern KEY = Pattern.compile("\"key\"\\s*:\\s*\"([^\"]+)\"");
  private static final Pattern COUNT = Pattern.compile("\"requests\"\\s*:\\s*(\\d+)");

  private final Product product;
  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpRequest usage;

  UsageDelay(Product product, String tenant) {
    this.product = product;
    Matcher key = KEY.matcher(product.run("keys", "create", "w", "--scopes", "operator", "--json"));
    if (!key.find()) {
      throw new BenchException("No operator's key was made.");
    }
    this.usage =
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:%d/admin/v1/tenants/%s/usage?by=model"
                        .formatted(product.port(), tenant)))
            .header("Authorization", "Bearer " + key.group(1))
            .build();
  }

  /** A row of a Markdown table. */
  String row(String key) throws IOException {
    double[] millis = new double[REQUESTS];
    try {
      for (int i = 0; i < REQUESTS; i++) {
        long before = requests();
        ChatClient.ask(product.port(), key, false, false, Integer.MAX_VALUE);
        long ended = System.nanoTime();
        while (requests() <= before) {
          if (System.nanoTime() - ended > GIVE_UP_NANOS) {
            throw new BenchException("Usage is not to be seen.");
          }
        }
        millis[i] = (System.nanoTime() - ended) / 1e6;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted", e);
    }
    Arrays.sort(millis);
    return String.format(
        Locale.ROOT,
        "| usage in the Admin API after an answer's end, ms in the median and at most | < 1,000 | **%.0f, %.0f** |",
        millis[REQUESTS / 2],
        millis[REQUESTS - 1]);
  }

  private long requests() throws IOException, InterruptedException {
    String answer = client.send(usage, HttpResponse.BodyHandlers.ofString()).body();
    Matcher count = COUNT.matcher(answer);
    long sum = 0;
    while (count.find()) {
      sum += Long.parseLong(count.group(1));
    }
    return sum;
  }
}
