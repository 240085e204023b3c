package io.yuntai.bench.gateway;

import java.io.IOException;
import java.util.Locale;

/** Streams that last, and readers that hardly read. */
final class ManyStreams {
  private static final long HELD_TOKEN_NANOS = 100_000_000;
  private static final double BEGIN_SECONDS = 5;
  private static final int SLOW_BYTES = 200;
  private static final long SLOW_NANOS = 1_000_000_000;
  private static final long SETTLE_NANOS = 15_000_000_000L;
  private static final double QUICK_PER_SECOND = 50;
  private static final double QUICK_SECONDS = 5;

  private final EventLoop loop;
  private final MockUpstream mock;
  private final Product product;
  private final String model;

  ManyStreams(EventLoop loop, MockUpstream mock, Product product, String model) {
    this.loop = loop;
    this.mock = mock;
    this.product = product;
    this.model = model;
  }

  /** So many streams at once, of 100 tokens in 10 s; a sentence about it. */
  String hold(int count) throws IOException {
    long before = mock.tokensEvery(HELD_TOKEN_NANOS);
    LoadClient client = product.client(loop, model, true);
    long[] most = new long[1];
    loop.at(System.nanoTime() + 9_000_000_000L, () -> most[0] = product.tree().memoryMegabytes());
    LoadRun.Result result = LoadRun.run(loop, client, count / BEGIN_SECONDS, BEGIN_SECONDS);
    client.close();
    mock.tokensEvery(before);
    System.err.println("held " + result);
    return "%d streams of 100 tokens in 10 s, begun within 5 s: **%d whole**, %d at once at most, %d MB with the database."
        .formatted(count, result.good(), result.mostOpen(), most[0]);
  }

  /** Readers of a few bytes a second of long answers, beside quick ones; a sentence about it. */
  String slowReaders(int count) throws IOException {
    LoadRun.Result before = quick();
    long memoryBefore = product.tree().memoryMegabytes();
    LoadClient sluggish = product.client(loop, model, true).askingForLong();
    long now = System.nanoTime();
    for (int i = 0; i < count; i++) {
      long due = now + i * 1_000_000L;
      loop.at(due, () -> sluggish.sendSlowly(due, SLOW_BYTES, SLOW_NANOS, (_, _, _, _) -> {}));
    }
    // First what the kernels keep for each goes its way, beside quick ones; then all wait for
    // readers.
    LoadRun.Result filling = quick();
    loop.at(System.nanoTime() + SETTLE_NANOS, loop::stop);
    loop.run();
    LoadRun.Result beside = quick();
    long memory = product.tree().memoryMegabytes();
    int still = sluggish.slowOnes();
    sluggish.abandon();
    System.err.println(
        "slow readers: before " + before + " filling " + filling + " beside " + beside);
    return String.format(
        Locale.ROOT,
        "Beside %d readers that take %d bytes a second of answers of %.1f MB each (%d of them still read at the end; %d MB of memory, %d without them), %.0f streams a second took **%.1f ms (p50) and %.1f ms (p99)**, and %.1f and %.1f ms while these readers began; without them %.1f and %.1f ms. %d of %d were whole.",
        count,
        SLOW_BYTES,
        MockUpstream.LONG_ANSWER_BYTES / 1e6,
        still,
        memory,
        memoryBefore,
        QUICK_PER_SECOND,
        beside.p50(),
        beside.p99(),
        filling.p50(),
        filling.p99(),
        before.p50(),
        before.p99(),
        filling.good() + beside.good(),
        2 * (int) (QUICK_PER_SECOND * QUICK_SECONDS));
  }

  private LoadRun.Result quick() throws IOException {
    LoadClient client = product.client(loop, model, true);
    LoadRun.Result result = LoadRun.run(loop, client, QUICK_PER_SECOND, QUICK_SECONDS);
    client.close();
    return result;
  }
}
