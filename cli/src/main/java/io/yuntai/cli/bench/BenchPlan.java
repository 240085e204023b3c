package io.yuntai.cli.bench;

import io.yuntai.engine.kernel.KvCache;
import io.yuntai.engine.measure.DecoderSpeed;
import java.util.Collections;
import java.util.List;

/**
 * What is measured on a model.
 *
 * @param promptTokens lengths of the prompts read
 * @param streams numbers of streams that generate at once
 * @param decodePromptTokens what each stream has read before
 * @param generatedTokens what each stream generates
 * @param threads workers
 * @param kernel what computes, as {@code LoadOptions} takes it
 * @param kvFormat how keys and values are stored
 * @param repetitions that count
 */
record BenchPlan(
    List<Integer> promptTokens,
    List<Integer> streams,
    int decodePromptTokens,
    int generatedTokens,
    int threads,
    String kernel,
    KvCache.Format kvFormat,
    int repetitions) {
  /** Tokens of the longest sequence. */
  int longestTokens() {
    return Math.max(longestPromptTokens(), streamTokens());
  }

  int longestPromptTokens() {
    return Collections.max(promptTokens);
  }

  int streamTokens() {
    return decodePromptTokens + generatedTokens;
  }

  int mostStreams() {
    return Collections.max(streams);
  }

  /** Tokens that the KV pool must hold. */
  long kvTokens(int blockTokens) {
    return Math.max(
        DecoderSpeed.kvTokens(1, longestPromptTokens(), blockTokens),
        DecoderSpeed.kvTokens(mostStreams(), streamTokens(), blockTokens));
  }
}
