package io.yuntai.ledger.chain;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Merkle tree hashes as in RFC 6962, section 2.1, with SHA-256: a leaf is hashed behind a byte 0,
 * two nodes behind a byte 1, and a list splits at the largest power of two below its length. So
 * nobody can pass a node off as a leaf, and one leaf is proven by about log2(n) digests.
 */
public final class Merkle {
  private final MessageDigest sha256 = Sha256.digest();

  /** Roots of whole subtrees, larger ones first; {@code sizes} are powers of two. */
  private final List<byte[]> subtrees = new ArrayList<>();

  private final List<Long> sizes = new ArrayList<>();

  /**
   * Goes on where another left off.
   *
   * @param leaves its {@link #leaves}
   * @param subtrees its {@link #subtrees}
   */
  public static Merkle of(long leaves, byte[] subtrees) {
    if (subtrees.length != Sha256.BYTES * Long.bitCount(leaves)) {
      throw new IllegalArgumentException(
          subtrees.length + " bytes are no subtrees of " + leaves + " leaves");
    }
    Merkle tree = new Merkle();
    int at = 0;
    for (long size = Long.highestOneBit(leaves); size > 0; size >>= 1) {
      if ((leaves & size) != 0) {
        tree.subtrees.add(Arrays.copyOfRange(subtrees, at, at + Sha256.BYTES));
        tree.sizes.add(size);
        at += Sha256.BYTES;
      }
    }
    return tree;
  }

  /** How many leaves there are. */
  public long leaves() {
    return sizes.stream().mapToLong(Long::longValue).sum();
  }

  /** Roots of whole subtrees, larger ones first: all that is needed to go on. */
  public byte[] subtrees() {
    byte[] all = new byte[Sha256.BYTES * subtrees.size()];
    for (int i = 0; i < subtrees.size(); i++) {
      System.arraycopy(subtrees.get(i), 0, all, i * Sha256.BYTES, Sha256.BYTES);
    }
    return all;
  }

  /** Adds the next leaf. */
  public void add(byte[] leaf) {
    sha256.update((byte) 0);
    byte[] hash = sha256.digest(leaf);
    long size = 1;
    while (!sizes.isEmpty() && sizes.getLast() == size) {
      hash = node(subtrees.removeLast(), hash);
      size += sizes.removeLast();
    }
    subtrees.add(hash);
    sizes.add(size);
  }

  /** The root over all leaves so far; of none it is the digest of nothing. */
  public byte[] root() {
    if (subtrees.isEmpty()) {
      return sha256.digest();
    }
    byte[] hash = subtrees.getLast();
    for (int i = subtrees.size() - 2; i >= 0; i--) {
      hash = node(subtrees.get(i), hash);
    }
    return hash;
  }

  private byte[] node(byte[] left, byte[] right) {
    sha256.update((byte) 1);
    sha256.update(left);
    return sha256.digest(right);
  }
}
