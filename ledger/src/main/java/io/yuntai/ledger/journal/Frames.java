package io.yuntai.ledger.journal;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * How a segment is laid out: a head, then records, then zeros.
 *
 * <pre>
 *   head:   magic 4 | number of the segment 8 | CRC-32C of both 4
 *   record: length of the body 4 | CRC-32C 4 | body
 * </pre>
 *
 * <p>A record's checksum begins with the segment's number and the record's place, so that bytes of
 * another time or place never pass.
 */
final class Frames {
  static final int HEAD_BYTES = 16;
  static final int FRAME_BYTES = 8;
  private static final int MAGIC = 0x59544a31; // YTJ1

  private Frames() {}

  static void head(long number, ByteBuffer out) {
    out.putInt(MAGIC).putLong(number);
    CRC32C sum = new CRC32C();
    sum.update(out.slice(out.position() - 12, 12));
    out.putInt((int) sum.getValue());
  }

  /** A record's frame and body into an empty buffer, for a place in a segment. */
  static void record(Entry record, long segment, int place, ByteBuffer out) {
    out.position(FRAME_BYTES);
    EntryCodec.write(record, out);
    int body = out.position() - FRAME_BYTES;
    out.putInt(0, body).putInt(4, checksum(segment, place, out.slice(FRAME_BYTES, body)));
  }

  /** Why a segment's reading ended. */
  enum End {
    /** At its zeros or its last byte. */
    WHOLE,
    /** At something that was not written to its end, or has been damaged. */
    TORN,
    /** It has no head: it was never used, or is no segment. */
    HEADLESS
  }

  /** Reads what can be believed. */
  static End read(byte[] segment, long number, Consumer<Entry> records) {
    ByteBuffer in = ByteBuffer.wrap(segment);
    ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
    head(number, head);
    if (segment.length < HEAD_BYTES || !in.slice(0, HEAD_BYTES).equals(head.flip())) {
      return End.HEADLESS;
    }
    int place = HEAD_BYTES;
    while (place + FRAME_BYTES <= segment.length) {
      int body = in.getInt(place);
      int sum = in.getInt(place + 4);
      if (body == 0 && sum == 0) {
        return zeros(segment, place) ? End.WHOLE : End.TORN;
      }
      if (body < 1
          || body > segment.length - place - FRAME_BYTES
          || sum != checksum(number, place, in.slice(place + FRAME_BYTES, body))) {
        return End.TORN;
      }
      try {
        records.accept(EntryCodec.read(in.slice(place + FRAME_BYTES, body)));
      } catch (EntryCodec.UnreadableException e) {
        throw new JournalException(
            "Segment "
                + number
                + " of the journal holds "
                + e.getMessage()
                + ": it was written by a newer version; start that one once, so that it is settled.",
            e);
      }
      place += FRAME_BYTES + body;
    }
    return End.WHOLE;
  }

  private static boolean zeros(byte[] segment, int from) {
    for (int i = from; i < segment.length; i++) {
      if (segment[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private static int checksum(long segment, int place, ByteBuffer body) {
    CRC32C sum = new CRC32C();
    for (int shift = 0; shift < 64; shift += 8) {
      sum.update((int) (segment >>> shift));
    }
    for (int shift = 0; shift < 32; shift += 8) {
      sum.update(place >>> shift);
    }
    sum.update(body);
    return (int) sum.getValue();
  }
}
