package io.yuntai.engine.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * The inputs of a matrix product: the rows of a batch, laid out for the kernels.
 *
 * <p>Tokens are taken in bundles of at most {@link #BUNDLE}, as even as can be; columns in groups
 * of {@link #GROUP}. Wider bundles come first, so that those of a width are neighbours. A bundle's
 * groups stand one after the other, each with everything that a kernel needs of it, for the
 * bundle's n tokens:
 *
 * <pre>
 *   codes     n x 32 signed bytes        upper bytes first, then n x 32 lower bytes, in {@link Form#CODES_16}
 *   scales    n x F32
 *   offsets   3 x n x int32              -128 times the sum of codes: first 16 columns, last 16, all
 *   sums      3 x n x F32                scale times the sum of codes, likewise
 * </pre>
 *
 * or, in {@link Form#FLOATS}, just n x 32 x F32, the last group filled up with zeros.
 */
public final class Activations {
  /** Columns that share one scale. */
  public static final int GROUP = 32;

  /** Most tokens of one bundle. */
  public static final int BUNDLE = 16;

  /**
   * From so many tokens on, bundles are full and the rest comes last, since records of full bundles
   * start where a line of the cache does. Fewer tokens are better dealt out evenly.
   */
  private static final int FULL_BUNDLES = 64;

  /** How tokens are stored; the form decides what {@link Kernels#store} does. */
  public enum Form {
    /** 8-bit codes in [-127, 127] times one scale per group. */
    CODES_8(1, 127),
    /**
     * 16-bit codes in [-32512, 32512] times one scale per group; a code is 256 times its upper byte
     * plus its lower byte, both signed.
     */
    CODES_16(2, 32512),
    /** As they are: for weights that are not block-quantised. */
    FLOATS(0, 0);

    private final int codeBytes;

    /** The largest code. */
    final int maxCode;

    Form(int codeBytes, int maxCode) {
      this.codeBytes = codeBytes;
      this.maxCode = maxCode;
    }

    /** Bytes of one group of one token. */
    int tokenBytes() {
      return this == FLOATS ? GROUP * Float.BYTES : codeBytes * GROUP + 7 * Integer.BYTES;
    }

    int scalesOffset(int width) {
      return codeBytes * GROUP * width;
    }

    /**
     * @param part 0 for the first 16 columns, 1 for the last, 2 for all
     */
    int offsetsOffset(int width, int part) {
      return scalesOffset(width) + (1 + part) * width * Integer.BYTES;
    }

    int sumsOffset(int width, int part) {
      return scalesOffset(width) + (4 + part) * width * Float.BYTES;
    }
  }

  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  private final int maxTokens;
  private final int columns;
  private final Form form;
  private final MemorySegment data;
  private int tokens;
  private int bundles;

  /** The first bundles, how many they are, and tokens of each; then tokens of the others. */
  private int wideBundles;

  private int wide;
  private int narrow;

  /**
   * @param maxTokens most tokens it will hold
   * @param columns columns of the matrices it is multiplied with
   */
  public Activations(int maxTokens, int columns, Form form) {
    this.maxTokens = maxTokens;
    this.columns = columns;
    this.form = form;
    this.data = Arena.ofAuto().allocate(bytes(maxTokens, columns, form), 64);
  }

  private Activations(int tokens, int columns, Form form, MemorySegment data) {
    this.maxTokens = tokens;
    this.columns = columns;
    this.form = form;
    this.data = data;
    resize(tokens);
  }

  /** Bytes that so many tokens take. */
  public static long bytes(int tokens, long columns, Form form) {
    return tokens * Math.ceilDiv(columns, GROUP) * form.tokenBytes();
  }

  /**
   * Room for some of the tokens as inputs of a product of their own, in this one's memory. Parts
   * that don't overlap can be used together, but not with the whole.
   *
   * @param firstToken where the room starts
   * @param count how many tokens the part has
   */
  public Activations part(int firstToken, int count) {
    Objects.checkFromIndexSize(firstToken, count, maxTokens);
    long offset = (long) firstToken * groups() * form.tokenBytes();
    return new Activations(count, columns, form, data.asSlice(offset));
  }

  /** Sets how many tokens follow. */
  public void resize(int newTokens) {
    if (newTokens < 1 || newTokens > maxTokens) {
      throw new IllegalArgumentException(newTokens + " tokens, room for " + maxTokens);
    }
    tokens = newTokens;
    bundles = Math.ceilDiv(newTokens, BUNDLE);
    boolean even = newTokens < FULL_BUNDLES;
    narrow = even ? newTokens / bundles : newTokens % BUNDLE;
    wide = even ? narrow + 1 : BUNDLE;
    wideBundles = even ? newTokens % bundles : newTokens / BUNDLE;
  }

  /** How tokens are stored. */
  public Form form() {
    return form;
  }

  /** Number of tokens. */
  public int tokens() {
    return tokens;
  }

  /** Number of columns. */
  public int columns() {
    return columns;
  }

  /** Bytes of all tokens. */
  public long bytes() {
    return (long) tokens * groups() * form.tokenBytes();
  }

  int groups() {
    return Math.ceilDiv(columns, GROUP);
  }

  int bundles() {
    return bundles;
  }

  /** First token of a bundle; that of the bundle after the last is the number of tokens. */
  int firstToken(int bundle) {
    return bundle <= wideBundles
        ? bundle * wide
        : wideBundles * wide + (bundle - wideBundles) * narrow;
  }

  /** Tokens of a bundle. */
  int width(int bundle) {
    return bundle < wideBundles ? wide : narrow;
  }

  /** How many bundles in a row have the width of this one, itself counted. */
  int sameWidth(int bundle) {
    return (bundle < wideBundles ? wideBundles : bundles) - bundle;
  }

  int bundleOf(int token) {
    int beyond = token - wideBundles * wide;
    return beyond < 0 ? token / wide : wideBundles + beyond / narrow;
  }

  MemorySegment data() {
    return data;
  }

  /** Where a group of a bundle starts in {@link #data}. */
  long offset(int bundle, int group) {
    return ((long) firstToken(bundle) * groups() + (long) group * width(bundle))
        * form.tokenBytes();
  }

  /** Stores one group of one token as it is. */
  void putFloats(int token, int group, float[] x, int from, int count) {
    int bundle = bundleOf(token);
    long at = offset(bundle, group) + (long) (token - firstToken(bundle)) * GROUP * Float.BYTES;
    MemorySegment.copy(x, from, data, FLOAT, at, count);
    for (int i = count; i < GROUP; i++) {
      data.set(FLOAT, at + (long) i * Float.BYTES, 0);
    }
  }

  /** Stores one group of one token: 32 codes and their scale. */
  void putCodes(int token, int group, int[] codes, float scale) {
    int bundle = bundleOf(token);
    int width = width(bundle);
    int place = token - firstToken(bundle);
    long at = offset(bundle, group);
    int first = 0;
    int last = 0;
    for (int i = 0; i < GROUP; i++) {
      int code = codes[i];
      long codeAt = at + (long) place * GROUP + i;
      if (form == Form.CODES_8) {
        data.set(BYTE, codeAt, (byte) code);
      } else {
        data.set(BYTE, codeAt, (byte) ((code + 128) >> 8));
        data.set(BYTE, codeAt + (long) GROUP * width, (byte) code);
      }
      if (i < GROUP / 2) {
        first += code;
      } else {
        last += code;
      }
    }
    data.set(FLOAT, at + form.scalesOffset(width) + 4L * place, scale);
    putSum(at, width, place, 0, first, scale);
    putSum(at, width, place, 1, last, scale);
    putSum(at, width, place, 2, first + last, scale);
  }

  private void putSum(long at, int width, int place, int part, int sum, float scale) {
    data.set(INT, at + form.offsetsOffset(width, part) + 4L * place, -128 * sum);
    data.set(FLOAT, at + form.sumsOffset(width, part) + 4L * place, sum * scale);
  }

  /** One code, or one number of {@link Form#FLOATS}. */
  float value(int token, int column) {
    int bundle = bundleOf(token);
    int width = width(bundle);
    long at = offset(bundle, column / GROUP);
    int index = (token - firstToken(bundle)) * GROUP + column % GROUP;
    return switch (form) {
      case CODES_8 -> data.get(BYTE, at + index);
      case CODES_16 ->
          256 * data.get(BYTE, at + index) + data.get(BYTE, at + index + (long) GROUP * width);
      case FLOATS -> data.get(FLOAT, at + 4L * index);
    };
  }

  /** The scale of a group of a token. */
  float scale(int token, int group) {
    return perToken(token, group, 0);
  }

  /**
   * Scale times the sum of codes.
   *
   * @param part 0 for the first 16 columns of the group, 1 for the last, 2 for all
   */
  float sum(int token, int group, int part) {
    return perToken(token, group, 4 + part);
  }

  private float perToken(int token, int group, int which) {
    int bundle = bundleOf(token);
    int width = width(bundle);
    int place = token - firstToken(bundle);
    return data.get(
        FLOAT, offset(bundle, group) + form.scalesOffset(width) + 4L * (which * width + place));
  }
}
