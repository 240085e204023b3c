package io.yuntai.engine.prefix;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * One block on disk. All numbers are little-endian:
 *
 * <pre>
 *    0   8  "YUNTAIKV"
 *    8   4  version
 *   12   4  depth
 *   16  32  digest of the key
 *   48   8  bytes of data
 *   56   4  CRC32C of the data
 *   60   4  CRC32C of all that stands before
 *   64   n  data
 * </pre>
 *
 * A file comes into being by one renaming, and is not forced to the disk: what a crash leaves of it
 * is told by the check sums, and then the block is computed again.
 */
final class BlockFile {
  static final int HEADER_BYTES = 64;

  private static final long MAGIC = 0x564b_4941_544e_5559L;
  private static final int VERSION = 1;
  private static final String DRAFT = ".new";

  private BlockFile() {}

  /** Writes a block. */
  static void write(Path file, PrefixKey key, MemorySegment data) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + DRAFT);
    try (FileChannel channel =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = data.asByteBuffer();
      ByteBuffer[] all = {header(key, data.byteSize(), crc(bytes.duplicate())), bytes};
      while (all[1].hasRemaining()) {
        channel.write(all);
      }
    } catch (IOException e) {
      Files.deleteIfExists(draft);
      throw e;
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Reads a block.
   *
   * @param into as long as the block
   * @throws IOException where the file is gone, damaged or of another key
   */
  static void read(Path file, PrefixKey key, MemorySegment into) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      fill(channel, header);
      ByteBuffer bytes = into.asByteBuffer();
      fill(channel, bytes.duplicate());
      if (channel.read(ByteBuffer.allocate(1)) >= 0) {
        throw new FileSystemException(file.toString(), null, "it is longer than it should be");
      }
      if (!header.flip().equals(header(key, into.byteSize(), crc(bytes)))) {
        throw new FileSystemException(file.toString(), null, "it is damaged");
      }
    }
  }

  private static void fill(FileChannel channel, ByteBuffer into) throws IOException {
    while (into.hasRemaining()) {
      if (channel.read(into) < 0) {
        throw new FileSystemException("it ends early");
      }
    }
  }

  private static ByteBuffer header(PrefixKey key, long dataBytes, int dataCrc) {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(MAGIC).putInt(VERSION).putInt(key.depth());
    header.put(HexFormat.of().parseHex(key.digest()));
    header.putLong(dataBytes).putInt(dataCrc);
    header.putInt(crc(header.duplicate().flip()));
    return header.flip();
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
