package io.yuntai.engine.packed;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The start of a file of packed weights. All numbers are little-endian:
 *
 * <pre>
 *    0   8  "YUNTAIPK"
 *    8   4  version of this header
 *   12   4  bytes in a chunk
 *   16   8  size of the model file
 *   24   8  its time, nanoseconds since 1970
 *   32  32  digest of {@link PackedKey}
 *   64   8  bytes of data
 *   72   n  a CRC32C for each chunk of the data, 4 bytes each
 *    .   4  CRC32C of all that stands before
 * </pre>
 *
 * The data begins at the next multiple of 64 KiB (the largest page that it may be mapped by) and
 * ends with the file. Everything but the check sums is known before the file is read, so a file is
 * either exactly the one expected or not used.
 */
final class PackedHeader {
  /** Fits a core's cache, so that its check sum costs no second reading from memory. */
  static final int CHUNK_BYTES = 512 << 10;

  private static final long MAGIC = 0x4b50_4941_544e_5559L;
  private static final int VERSION = 1;
  private static final int FIXED_BYTES = 72;
  private static final long DATA_ALIGNMENT = 64 << 10;

  private PackedHeader() {}

  static int chunks(long dataBytes) {
    return Math.toIntExact(Math.ceilDiv(dataBytes, CHUNK_BYTES));
  }

  /** Where the data begins. */
  static long dataOffset(long dataBytes) {
    return Math.ceilDiv(headerBytes(dataBytes), DATA_ALIGNMENT) * DATA_ALIGNMENT;
  }

  /** Size of the whole file. */
  static long fileBytes(long dataBytes) {
    return dataOffset(dataBytes) + dataBytes;
  }

  private static int headerBytes(long dataBytes) {
    return Math.addExact(FIXED_BYTES + Integer.BYTES, chunks(dataBytes) * Integer.BYTES);
  }

  /** The header of these data. */
  static ByteBuffer encode(PackedKey key, int[] checksums) {
    ByteBuffer header =
        ByteBuffer.allocate(headerBytes(key.dataBytes())).order(ByteOrder.LITTLE_ENDIAN);
    header.put(fixed(key));
    for (int checksum : checksums) {
      header.putInt(checksum);
    }
    header.putInt(crc(header.duplicate().flip()));
    return header.flip();
  }

  /**
   * The chunks' check sums.
   *
   * @throws IOException where the file is not whole or not of this key
   */
  static int[] read(FileChannel channel, PackedKey key) throws IOException {
    if (channel.size() != fileBytes(key.dataBytes())) {
      throw new FileSystemException("its size is another");
    }
    ByteBuffer header =
        ByteBuffer.allocate(headerBytes(key.dataBytes())).order(ByteOrder.LITTLE_ENDIAN);
    readFully(channel, header, 0);
    byte[] bytes = header.array();
    byte[] expected = fixed(key).array();
    if (!Arrays.equals(bytes, 0, FIXED_BYTES, expected, 0, FIXED_BYTES)) {
      throw new FileSystemException("it is of another file or version");
    }
    int end = bytes.length - Integer.BYTES;
    if (header.getInt(end) != crc(ByteBuffer.wrap(bytes, 0, end))) {
      throw new FileSystemException("its header is damaged");
    }
    int[] checksums = new int[chunks(key.dataBytes())];
    header.position(FIXED_BYTES);
    header.asIntBuffer().get(checksums);
    return checksums;
  }

  private static ByteBuffer fixed(PackedKey key) {
    ByteBuffer fixed = ByteBuffer.allocate(FIXED_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    fixed.putLong(MAGIC).putInt(VERSION).putInt(CHUNK_BYTES);
    fixed.putLong(key.source().bytes()).putLong(key.source().modifiedNanos());
    fixed.put(key.digest()).putLong(key.dataBytes());
    return fixed.flip();
  }

  /** Fills a buffer from a place in a file. */
  static void readFully(FileChannel channel, ByteBuffer into, long from) throws IOException {
    long position = from;
    while (into.hasRemaining()) {
      int read = channel.read(into, position);
      if (read < 0) {
        throw new FileSystemException("it ends early");
      }
      position += read;
    }
  }

  static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
