package io.yuntai.server.runs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cuts a piece of an event stream into events. */
final class EventBlocks {
  private EventBlocks() {}

  /** Each event with the empty line that ends it; what has none is one event. */
  static List<byte[]> split(byte[] bytes) {
    List<byte[]> blocks = new ArrayList<>(1);
    int from = 0;
    for (int i = 1; i < bytes.length; i++) {
      if (bytes[i] == '\n' && bytes[i - 1] == '\n') {
        blocks.add(Arrays.copyOfRange(bytes, from, i + 1));
        from = i + 1;
        i++;
      }
    }
    if (from < bytes.length) {
      blocks.add(Arrays.copyOfRange(bytes, from, bytes.length));
    }
    return blocks;
  }
}
