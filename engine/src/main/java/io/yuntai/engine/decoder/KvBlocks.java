package io.yuntai.engine.decoder;

import java.lang.foreign.MemorySegment;

/**
 * The memory of a decoder's KV blocks, for keeping a block's content elsewhere and putting it back.
 * For the decoder's thread, but for {@link #blockBytes} and {@link #layout}.
 */
public interface KvBlocks {
  /** Bytes of one block. */
  long blockBytes();

  /** Says how a block's bytes are to be read: equal layouts, exchangeable bytes. */
  String layout();

  /** Copies a block that has been computed out. */
  void read(int block, MemorySegment to);

  /** Puts back what was copied out of a block with the same tokens before and in it. */
  void write(int block, MemorySegment from);
}
