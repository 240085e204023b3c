package io.yuntai.engine.tokenizer;

import io.yuntai.engine.ModelFormatException;
import java.nio.charset.StandardCharsets;

/**
 * Byte-level BPE (GPT-2, Llama 3, Qwen, DeepSeek, SmolLM): pieces by a {@link SplitRule}, then
 * bytes merged pair by pair in the order of the merge list.
 *
 * <p>A byte that the vocabulary has no token for (SmolLM2 lacks 21) leaves no trace, as in the
 * reference vectors made with llama.cpp.
 */
final class ByteLevelBpe implements Scheme {
  private final ByteStrings tokens;
  private final TokenKind[] kinds;
  private final TokenTable table;
  private final SplitRule rule;
  private final int[] byteToken = new int[256];

  /** Rank of a pair {@code left << 32 | right}. */
  private final LongIntTable ranks;

  /** What the merge of each rank gives. */
  private final int[] merged;

  private final PairMerger.Pairs pairs = (left, right, _, _) -> merge(left, right);

  ByteLevelBpe(
      ByteStrings tokens, TokenKind[] kinds, TokenTable table, ByteStrings merges, SplitRule rule) {
    this.tokens = tokens;
    this.kinds = kinds;
    this.table = table;
    this.rule = rule;
    for (int value = 0; value < 256; value++) {
      byteToken[value] = textToken(String.valueOf(ByteAlphabet.character(value)));
    }
    ranks = new LongIntTable(merges.size());
    merged = new int[merges.size()];
    for (int rank = 0; rank < merged.length; rank++) {
      readMerge(merges, rank);
    }
  }

  private int textToken(String spelling) {
    byte[] bytes = spelling.getBytes(StandardCharsets.UTF_8);
    int id = table.find(bytes, 0, bytes.length);
    return id >= 0 && kinds[id].madeFromText() ? id : -1;
  }

  /** A merge is two spellings with a space between; the alphabet has no space. */
  private void readMerge(ByteStrings merges, int rank) {
    byte[] data = merges.data();
    int from = merges.starts()[rank];
    int to = from + merges.lengths()[rank];
    int space = from;
    while (space < to && data[space] != ' ') {
      space++;
    }
    int left = table.find(data, from, space);
    int right = table.find(data, Math.min(space + 1, to), to);
    if (left < 0 || right < 0) {
      throw damaged(merges, rank, "is not two tokens with a space between");
    }
    byte[] joined = new byte[to - from - 1];
    System.arraycopy(data, from, joined, 0, space - from);
    System.arraycopy(data, space + 1, joined, space - from, to - space - 1);
    merged[rank] = table.find(joined, 0, joined.length);
    if (merged[rank] < 0) {
      throw damaged(merges, rank, "gives something that is no token");
    }
    if (!ranks.putIfAbsent(pair(left, right), rank)) {
      throw damaged(merges, rank, "is listed twice");
    }
  }

  private static ModelFormatException damaged(ByteStrings merges, int rank, String what) {
    return new ModelFormatException(
        "The vocabulary is damaged: merge %d, \"%s\", %s.".formatted(rank, merges.get(rank), what));
  }

  @Override
  public void encode(String text, int from, int to, boolean startsAnew, IdList ids) {
    IdList ends = rule.split(text, from, to);
    ByteList spelled = new ByteList();
    PairMerger merger = new PairMerger();
    int at = from;
    for (int i = 0; i < ends.size(); i++) {
      int end = ends.get(i);
      encodePiece(text, at, end, spelled, merger, ids);
      at = end;
    }
  }

  private void encodePiece(
      String text, int from, int to, ByteList bytes, PairMerger merger, IdList ids) {
    bytes.clear();
    addUtf8(text, from, to, bytes);
    if (rule.llama3()) {
      int whole = wholeToken(bytes);
      if (whole >= 0) {
        ids.add(whole);
        return;
      }
    }
    merger.clear();
    for (int i = 0; i < bytes.size(); i++) {
      merger.add(byteToken[bytes.array()[i] & 0xFF], i);
    }
    merger.merge(bytes.size(), pairs);
    for (int symbol = merger.first(); symbol >= 0; symbol = merger.after(symbol)) {
      if (merger.id(symbol) >= 0) {
        ids.add(merger.id(symbol));
      }
    }
  }

  private long merge(int left, int right) {
    if (left < 0 || right < 0) {
      return PairMerger.NONE;
    }
    int rank = ranks.get(pair(left, right));
    // A merge into a control token would let text forge it: such a merge is never applied.
    return rank < 0 || !kinds[merged[rank]].madeFromText()
        ? PairMerger.NONE
        : ((long) rank << 32) | merged[rank];
  }

  private int wholeToken(ByteList bytes) {
    if (bytes.size() > table.longest()) {
      return -1;
    }
    ByteList spelling = new ByteList();
    for (int i = 0; i < bytes.size(); i++) {
      spelling.addCodePoint(ByteAlphabet.character(bytes.array()[i] & 0xFF));
    }
    int id = table.find(spelling.array(), 0, spelling.size());
    return id >= 0 && kinds[id].madeFromText() ? id : -1;
  }

  private static void addUtf8(String text, int from, int to, ByteList bytes) {
    for (int i = from; i < to; ) {
      int codePoint = text.codePointAt(i);
      bytes.addCodePoint(codePoint);
      i += Character.charCount(codePoint);
    }
  }

  /** Normal tokens are spelled in the byte alphabet; a spelling outside of it is plain text. */
  @Override
  public byte[] bytes(int id) {
    return switch (kinds[id]) {
      case UNUSED -> new byte[0];
      case USER_DEFINED, UNKNOWN, CONTROL -> tokens.bytes(id);
      case NORMAL, BYTE -> {
        String spelling = tokens.get(id);
        byte[] bytes = new byte[spelling.length()];
        for (int i = 0; i < bytes.length; i++) {
          int value = ByteAlphabet.byteOf(spelling.charAt(i));
          if (value < 0) {
            yield tokens.bytes(id);
          }
          bytes[i] = (byte) value;
        }
        yield bytes;
      }
    };
  }

  private static long pair(int left, int right) {
    return ((long) left << 32) | right;
  }
}
