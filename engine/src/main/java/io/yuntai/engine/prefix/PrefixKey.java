package io.yuntai.engine.prefix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Names a block of keys and values by everything that they depend on.
 *
 * @param owner names the namespace without telling it: 16 hexadecimal digits
 * @param digest of all that leads to the block's end: 64 hexadecimal digits
 * @param depth the block's place in its sequence, from 0
 */
record PrefixKey(String owner, String digest, int depth) {
  private static final int OWNER_DIGITS = 16;

  /**
   * The keys of a prompt's first blocks.
   *
   * @param secret of the folder, so that file names don't tell which prompts were asked
   * @param model whatever the blocks' bytes depend on beside tokens
   * @param namespace who asks
   * @param blockTokens tokens in a block
   * @param blocks how many, all of them full
   */
  static List<PrefixKey> chain(
      byte[] secret, String model, String namespace, int[] tokens, int blockTokens, int blocks) {
    MessageDigest sha = sha256();
    String owner =
        hex(sha, secret, namespace.getBytes(StandardCharsets.UTF_8)).substring(0, OWNER_DIGITS);
    sha.update(secret);
    byte[] before = sha.digest((model + '\n' + namespace).getBytes(StandardCharsets.UTF_8));
    ByteBuffer bytes =
        ByteBuffer.allocate(blockTokens * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    List<PrefixKey> keys = new ArrayList<>(blocks);
    for (int block = 0; block < blocks; block++) {
      bytes.asIntBuffer().put(tokens, block * blockTokens, blockTokens);
      sha.update(before);
      before = sha.digest(bytes.array());
      keys.add(new PrefixKey(owner, HexFormat.of().formatHex(before), block));
    }
    return keys;
  }

  private static String hex(MessageDigest sha, byte[] secret, byte[] text) {
    sha.update(secret);
    return HexFormat.of().formatHex(sha.digest(text));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
