package io.yuntai.models.transfer;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which bytes of an unfinished file are on the disk: a text file whose first line is the remote
 * file's identity and each further one a half-open interval {@code from-to}, appended after its
 * bytes were written.
 *
 * <p>A kill may cut the last line; it is then not counted, and its bytes are fetched again. After a
 * power cut bytes may be missing that the journal counts; the checksum over the whole file finds
 * that.
 */
final class Journal implements Closeable {
  private static final Pattern INTERVAL = Pattern.compile("(\\d{1,18})-(\\d{1,18})");

  /** Half-open. */
  record Interval(long from, long to) {
    long length() {
      return to - from;
    }
  }

  private final RandomAccessFile file;
  private final TreeMap<Long, Long> present = new TreeMap<>();

  private Journal(RandomAccessFile file) {
    this.file = file;
  }

  /**
   * Opens the journal for a version of the remote file; what is noted of another version is
   * forgotten.
   *
   * @param identity null where versions can't be told apart; nothing is then resumed
   * @param dataBytes the data file's size; what is noted beyond it is not believed
   */
  static Journal open(Path path, @Nullable String identity, long dataBytes) throws IOException {
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
    try {
      Journal journal = new Journal(file);
      List<String> lines = Files.readAllLines(path, StandardCharsets.ISO_8859_1);
      if (identity != null && !lines.isEmpty() && lines.getFirst().equals(identity)) {
        journal.read(lines.subList(1, lines.size()), dataBytes);
      }
      journal.rewrite(identity);
      return journal;
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  private void read(List<String> lines, long dataBytes) {
    for (String line : lines) {
      Matcher interval = INTERVAL.matcher(line);
      if (interval.matches()) {
        merge(
            Long.parseLong(interval.group(1)),
            Math.min(Long.parseLong(interval.group(2)), dataBytes));
      }
    }
  }

  private void rewrite(@Nullable String identity) throws IOException {
    StringBuilder text = new StringBuilder(identity == null ? "" : identity).append('\n');
    present.forEach((from, to) -> text.append(from).append('-').append(to).append('\n'));
    byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
    file.seek(0);
    file.write(bytes);
    file.setLength(bytes.length);
  }

  /** Notes that {@code [from, to)} is on the disk. */
  synchronized void add(long from, long to) throws IOException {
    if (to > from) {
      merge(from, to);
      file.write((from + "-" + to + "\n").getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  private void merge(long from, long to) {
    if (to <= from) {
      return;
    }
    long start = from;
    long end = to;
    for (Map.Entry<Long, Long> near = present.floorEntry(end);
        near != null && near.getValue() >= start;
        near = present.floorEntry(end)) {
      start = Math.min(start, near.getKey());
      end = Math.max(end, near.getValue());
      present.remove(near.getKey());
    }
    present.put(start, end);
  }

  synchronized long presentBytes() {
    long sum = 0;
    for (Map.Entry<Long, Long> interval : present.entrySet()) {
      sum += interval.getValue() - interval.getKey();
    }
    return sum;
  }

  /**
   * What is missing of {@code [0, size)}, in pieces of at most {@code pieceMax} bytes, in order.
   */
  synchronized List<Interval> missing(long size, long pieceMax) {
    List<Interval> pieces = new ArrayList<>();
    long at = 0;
    for (Map.Entry<Long, Long> interval : present.entrySet()) {
      cut(at, Math.min(interval.getKey(), size), pieceMax, pieces);
      at = Math.max(at, interval.getValue());
    }
    cut(at, size, pieceMax, pieces);
    return pieces;
  }

  private static void cut(long from, long to, long pieceMax, List<Interval> pieces) {
    for (long at = from; at < to; at += pieceMax) {
      pieces.add(new Interval(at, Math.min(at + pieceMax, to)));
    }
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
  }
}
