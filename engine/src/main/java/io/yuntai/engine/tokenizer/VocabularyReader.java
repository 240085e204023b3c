package io.yuntai.engine.tokenizer;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.gguf.Metadata;
import io.yuntai.engine.gguf.MetadataType;
import io.yuntai.engine.gguf.MetadataValue;
import io.yuntai.engine.tokenizer.Vocabulary.SpecialIds;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Reads the keys {@code tokenizer.ggml.*}. */
final class VocabularyReader {
  private static final String PREFIX = "tokenizer.ggml.";

  /** What some converters write for "none". */
  private static final long NO_ID = 0xFFFF_FFFFL;

  private final Metadata metadata;

  private VocabularyReader(Metadata metadata) {
    this.metadata = metadata;
  }

  static Vocabulary read(Metadata metadata) {
    return new VocabularyReader(metadata).read();
  }

  private Vocabulary read() {
    ByteStrings tokens = strings("tokens");
    return new Vocabulary(
        metadata.string(PREFIX + "model"),
        metadata.findString(PREFIX + "pre").orElse(null),
        tokens == null ? new ByteStrings(new byte[0], new int[0], new int[0]) : tokens,
        metadata.findInts(PREFIX + "token_type").orElseGet(() -> new int[0]),
        strings("merges"),
        metadata.findFloats(PREFIX + "scores").orElseGet(() -> new float[0]),
        new SpecialIds(
            id("bos_token_id"),
            id("eos_token_id"),
            id("eot_token_id"),
            id("eom_token_id"),
            id("unknown_token_id"),
            id("cls_token_id"),
            id("seperator_token_id")),
        metadata.findBool(PREFIX + "add_bos_token").orElse(null),
        metadata.findBool(PREFIX + "add_space_prefix").orElse(null));
  }

  private int id(String key) {
    long id = metadata.findLong(PREFIX + key).orElse(-1L);
    return id == NO_ID ? -1 : Math.clamp(id, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /**
   * An array of strings as one block of bytes: decoding 300,000 strings one by one would take
   * several times as long as everything else here.
   */
  private @Nullable ByteStrings strings(String key) {
    MetadataValue value = metadata.find(PREFIX + key).orElse(null);
    if (value == null) {
      return null;
    }
    if (!(value instanceof MetadataValue.Array array)
        || array.elementType() != MetadataType.STRING) {
      throw new ModelFormatException(
          "The model file is damaged: %s%s is not an array of strings.".formatted(PREFIX, key));
    }
    byte[] data = array.encoded().toArray(ValueLayout.JAVA_BYTE);
    ByteBuffer buffer = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    int[] starts = new int[array.length()];
    int[] lengths = new int[array.length()];
    int at = 0;
    for (int i = 0; i < starts.length; i++) {
      lengths[i] = (int) buffer.getLong(at);
      starts[i] = at + Long.BYTES;
      at = starts[i] + lengths[i];
    }
    return new ByteStrings(data, starts, lengths);
  }
}
