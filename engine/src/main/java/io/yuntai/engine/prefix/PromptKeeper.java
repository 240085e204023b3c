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
    MemorySegment data = arena.allocate(known * memory.blockBytes());
    int read = 0;
    while (read < known && disk.read(keys.get(read), block(data, read))) {
      read++;
    }
    disk.lookedUp(read > 0);
    return new DiskPrompt(this, keys, read, arena, data);
  }

  /** Copies a block that was read to its place in the decoder's memory. */
  void restore(MemorySegment data, int index, int block) {
    memory.write(block, block(data, index));
  }

  /** Offers a block of the decoder's memory to the disk; false when that must be tried again. */
  boolean keep(PrefixKey key, int block) {
    return disk.has(key) || disk.offer(key, memory.blockBytes(), copy -> memory.read(block, copy));
  }

  private MemorySegment block(MemorySegment data, int index) {
    return data.asSlice(index * memory.blockBytes(), memory.blockBytes());
  }
}
