package io.yuntai.engine.decoder;

import io.yuntai.engine.kernel.KvCache;
import java.lang.foreign.MemorySegment;

/** The blocks of a {@link KvCache}. */
record CacheBlocks(KvCache cache) implements KvBlocks {
  @Override
  public long blockBytes() {
    return cache.blockBytes();
  }

  @Override
  public String layout() {
    return cache.layoutText();
  }

  @Override
  public void read(int block, MemorySegment to) {
    cache.copyOut(block, to);
  }

  @Override
  public void write(int block, MemorySegment from) {
    cache.copyIn(block, from);
  }
}
