package io.yuntai.engine.measure;

import io.yuntai.engine.Engine;
import io.yuntai.engine.EngineBusyException;
import io.yuntai.engine.Generation;
import io.yuntai.engine.GenerationEvent;
import io.yuntai.engine.GenerationRequest;
import io.yuntai.engine.sampling.SamplingParameters;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Several requests at once whose prompts begin alike, as those of one application do: how long does
 * each wait for its first token?
 *
 * @param streams requests
 * @param sharedTokens with which each prompt begins
 * @param ownTokens that follow, different for each
 * @param generatedTokens after which a request ends
 */
public record SharedPrefix(int streams, int sharedTokens, int ownTokens, int generatedTokens) {
  /** Tokens of one request. */
  public int contextTokens() {
    return sharedTokens + ownTokens + generatedTokens;
  }

  /**
   * Sends the requests to an engine that is idle, and waits until all have ended.
   *
   * @param vocabularySize of its model
   * @param salt makes the prefix differ from another repetition's, so that none finds it cached
   * @return nanoseconds from the submission of the first to the first token of each
   */
  public long[] firstTokenNanos(Engine engine, int vocabularySize, int salt)
      throws EngineBusyException, InterruptedException {
    long start = System.nanoTime();
    try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Long>> arrivals =
          readers.invokeAll(
              IntStream.range(0, streams)
                  .<Callable<Long>>mapToObj(
                      stream -> () -> firstToken(engine, prompt(vocabularySize, salt, stream)))
                  .toList());
      long[] nanos = new long[streams];
      for (int stream = 0; stream < streams; stream++) {
        nanos[stream] = arrivals.get(stream).get() - start;
      }
      return nanos;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof EngineBusyException busy) {
        throw busy;
      }
      throw new IllegalStateException("a request failed: " + e.getCause(), e);
    }
  }

  private long firstToken(Engine engine, int[] prompt)
      throws EngineBusyException, InterruptedException {
    GenerationRequest request =
        new GenerationRequest(
            prompt,
            generatedTokens,
            SamplingParameters.GREEDY,
            List.of(),
            -1,
            true,
            Long.MAX_VALUE);
    long arrival = 0;
    try (Generation generation = engine.submit(request)) {
      while (true) {
        switch (generation.next()) {
          case GenerationEvent.Token _ -> arrival = arrival == 0 ? System.nanoTime() : arrival;
          case GenerationEvent.Finished _ -> {
            return arrival;
          }
          case GenerationEvent.Failed(String message) -> throw new IllegalStateException(message);
        }
      }
    }
  }

  private int[] prompt(int vocabularySize, int salt, int stream) {
    return IntStream.range(0, sharedTokens + ownTokens)
        .map(i ->
            (int)
                (((i < sharedTokens ? salt * 65_537L : salt * 65_537L + stream * 101L + 7)
                        + i * 7919L
                        + 11)
                    % vocabularySize))
        .toArray();
  }
}
