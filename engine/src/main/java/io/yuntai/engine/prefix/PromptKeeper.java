package io.yuntai.engine.prefix;

import io.yuntai.engine.decoder.KvBlocks;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * One model's long prompts on disk: read before a generation is queued, written as its prefill goes
 * on. Safe for use by many threads.
 */
public final class PromptKeeper implements KeptPrompts {
  /** Shorter prompts are computed again about as soon as they are read. */
  public static final int PROMPT_TOKENS_MIN = 512;

  /** From here on two threads read a prompt. */
  private static final int BLOCKS_FOR_TWO = 32;

  private final PrefixDisk disk;
  private final KvBlocks memory;
  private final String model;
  private final int blockTokens;
  private final int promptTokensMin;

  /**
   * @param disk where blocks are kept; stays the caller's
   * @param memory the decoder's blocks
   * @param model names weights and arithmetic: what gives the same name gives the same bits
   * @param blockTokens positions in a block
   * @param promptTokensMin shorter prompts are left alone
   */
  public PromptKeeper(
      PrefixDisk disk, KvBlocks memory, String model, int blockTokens, int promptTokensMin) {
    this.disk = disk;
    this.memory = memory;
    this.model = model + '\n' + memory.layout();
    this.blockTokens = blockTokens;
    this.promptTokensMin = promptTokensMin;
  }

  @Override
  public KeptPrompt find(String namespace, int[] prompt) {
    if (prompt.length < promptTokensMin || !disk.awaitIndex()) {
      return KeptPrompt.NONE;
    }
    // The last token is always computed, for its logits.
    int blocks = (prompt.length - 1) / blockTokens;
    List<PrefixKey> keys =
        PrefixKey.chain(disk.secret(), model, namespace, prompt, blockTokens, blocks);
    int known = 0;
    while (known < blocks && disk.has(keys.get(known))) {
      known++;
    }
    if (known == 0) {
      disk.lookedUp(false);
      return new DiskPrompt(this, keys);
    }
    @SuppressWarnings("MustBeClosedChecker") // whoever releases the prompt closes it
    Arena arena = Arena.ofShared();
    MemorySegment[] data = new MemorySegment[known];
    int read = read(keys, arena, data);
    disk.lookedUp(read > 0);
    return new DiskPrompt(this, keys, read, arena, data);
  }

  /**
   * Reads blocks until one can't be had. New memory costs more than the reading, so of many blocks
   * another thread takes the second half.
   *
   * @return how many of the first ones there are
   */
  private int read(List<PrefixKey> keys, Arena arena, MemorySegment[] data) {
    int half = data.length < BLOCKS_FOR_TWO ? data.length : data.length / 2;
    int[] second = {half};
    Thread helper =
        Thread.ofPlatform()
            .daemon()
            .name("yuntai-prefix-reader")
            .unstarted(() -> second[0] = read(keys, arena, data, half, data.length));
    if (half < data.length) {
      helper.start();
    }
    try {
      int first = read(keys, arena, data, 0, half);
      return first < half ? first : awaited(helper, second);
    } finally {
      awaited(helper, second); // the arena may be closed from here on
    }
  }

  private static int awaited(Thread helper, int[] result) {
    boolean interrupted = false;
    while (helper.isAlive()) {
      try {
        helper.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return result[0];
  }

  private int read(List<PrefixKey> keys, Arena arena, MemorySegment[] data, int from, int to) {
    int read = from;
    boolean there = true;
    while (there && read < to) {
      data[read] = arena.allocate(memory.blockBytes());
      there = disk.read(keys.get(read), data[read]);
      read += there ? 1 : 0;
    }
    return read;
  }

  /** Copies a block that was read to its place in the decoder's memory. */
  void restore(MemorySegment data, int block) {
    memory.write(block, data);
  }

  /** Offers a block of the decoder's memory to the disk; false when that must be tried again. */
  boolean keep(PrefixKey key, int block) {
    return disk.has(key) || disk.offer(key, memory.blockBytes(), copy -> memory.read(block, copy));
  }
}
