package io.yuntai.engine.prefix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A prompt's blocks on disk: those that were read, and those still to be written. */
final class DiskPrompt implements KeptPrompt {
  private final PromptKeeper keeper;
  private final List<PrefixKey> keys;
  private int found;
  private MemorySegment[] data = new MemorySegment[0];
  private @Nullable Arena arena;
  private int kept;

  /**
   * @param keys of all full blocks
   */
  DiskPrompt(PromptKeeper keeper, List<PrefixKey> keys) {
    this.keeper = keeper;
    this.keys = keys;
  }

  /** With what was read of its first blocks, in memory that it closes. */
  DiskPrompt(
      PromptKeeper keeper, List<PrefixKey> keys, int found, Arena arena, MemorySegment[] data) {
    this(keeper, keys);
    this.found = found;
    this.arena = arena;
    this.data = data;
  }

  @Override
  public int found() {
    return found;
  }

  @Override
  public void restore(int index, int block) {
    keeper.restore(data[index], block);
  }

  @Override
  public void release() {
    found = 0;
    data = new MemorySegment[0];
    if (arena != null) {
      arena.close();
      arena = null;
    }
  }

  @Override
  public void keep(int[] blocks, int full) {
    int most = Math.min(full, keys.size());
    while (kept < most && keeper.keep(keys.get(kept), blocks[kept])) {
      kept++;
    }
  }
}
