package io.yuntai.engine.grammar;

import io.yuntai.engine.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A vocabulary of every byte and of longer tokens cut out of given texts at random, in the middle
 * of characters too. Its last two tokens are an end of generation and a control token.
 */
final class ByteVocabulary implements Tokenizer {
  private final List<byte[]> tokens = new ArrayList<>();

  ByteVocabulary(Random random, int size, List<String> texts) {
    for (int i = 0; i < 256; i++) {
      tokens.add(new byte[] {(byte) i});
    }
    while (tokens.size() < size) {
      byte[] text = texts.get(random.nextInt(texts.size())).getBytes(StandardCharsets.UTF_8);
      int from = random.nextInt(text.length);
      int to = Math.min(text.length, from + 2 + random.nextInt(8));
      tokens.add(java.util.Arrays.copyOfRange(text, from, to));
    }
    tokens.add(new byte[0]);
    tokens.add(new byte[0]);
  }

  int end() {
    return tokens.size() - 2;
  }

  @Override
  public int vocabularySize() {
    return tokens.size();
  }

  @Override
  public int[] encode(String text, SpecialTokens specialTokens) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int[] ids = new int[bytes.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = bytes[i] & 0xFF;
    }
    return ids;
  }

  /** Any way to cut some bytes into tokens. */
  int[] cut(byte[] bytes, Random random) {
    List<Integer> ids = new ArrayList<>();
    for (int at = 0; at < bytes.length; ) {
      List<Integer> fitting = new ArrayList<>();
      for (int id = 0; id < end(); id++) {
        byte[] token = tokens.get(id);
        if (at + token.length <= bytes.length
            && java.util.Arrays.equals(token, 0, token.length, bytes, at, at + token.length)) {
          fitting.add(id);
        }
      }
      int id = fitting.get(random.nextInt(fitting.size()));
      ids.add(id);
      at += tokens.get(id).length;
    }
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public byte[] bytes(int id, boolean special) {
    return tokens.get(id);
  }

  @Override
  public String decode(int[] ids, boolean special) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int id : ids) {
      out.writeBytes(tokens.get(id));
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  @Override
  public boolean isEndOfGeneration(int id) {
    return id == end();
  }

  @Override
  public boolean isControl(int id) {
    return id >= end();
  }

  @Override
  public String spelling(int id) {
    return "token " + id;
  }

  @Override
  public int beginOfSequence() {
    return -1;
  }

  @Override
  public int endOfSequence() {
    return end();
  }

  @Override
  public boolean addsBeginOfSequence() {
    return false;
  }

  @Override
  public boolean addsEndOfSequence() {
    return false;
  }
}
