package io.yuntai.engine.packed;

import io.yuntai.engine.jit.SystemFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * How fast a file is read from its disk: what bounds a model whose weights don't stay in memory.
 * The pieces that are read are first forgotten by the system, where it lets us ask for that.
 */
public final class DiskSpeed {
  private static final int PIECE_BYTES = 4 << 20;
  private static final int MAX_PIECES = 64;
  private static final long MAX_NANOS = 400_000_000;

  private DiskSpeed() {}

  /**
   * Reads pieces from all over a file, for less than half a second.
   *
   * @return bytes per second; 0 where nothing could be read
   */
  public static long measure(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      boolean canForget = System.getProperty("os.name", "").equals("Linux");
      long size = Files.size(file);
      long pieces = Math.clamp(size / PIECE_BYTES, 1, MAX_PIECES);
      ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE_BYTES);
      long bytes = 0;
      long nanos = 0;
      for (long piece = 0; piece < pieces && nanos < MAX_NANOS; piece++) {
        long from = size / pieces * piece;
        if (canForget) {
          SystemFiles.forget(file, from, PIECE_BYTES);
        }
        long start = System.nanoTime();
        bytes += Math.max(0, channel.read(buffer.clear(), from));
        nanos += System.nanoTime() - start;
      }
      return nanos == 0 ? 0 : (long) (bytes * 1e9 / nanos);
    } catch (IOException e) {
      return 0;
    }
  }
}
