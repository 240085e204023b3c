package io.yuntai.engine;

import io.yuntai.engine.gguf.MetadataValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A vocabulary of a token for each byte, some words that no merge leads to, and control tokens. */
public final class ByteVocabulary {
  private static final int BYTES = 256;

  private ByteVocabulary() {}

  /**
   * Keys of a file, {@code tokenizer.ggml.*}.
   *
   * @param words tokens from number 256 on
   * @param control tokens after these; the last one is the end of a sequence
   */
  public static Map<String, MetadataValue> keys(List<String> words, List<String> control) {
    List<String> tokens = new ArrayList<>();
    int hidden = 0;
    for (int b = 0; b < BYTES; b++) {
      boolean visible = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
      tokens.add(Character.toString(visible ? b : BYTES + hidden++));
    }
    tokens.addAll(words);
    tokens.addAll(control);
    int[] types = new int[tokens.size()];
    for (int i = 0; i < types.length; i++) {
      types[i] = i < BYTES + words.size() ? 1 : 3;
    }
    Map<String, MetadataValue> keys = new LinkedHashMap<>();
    keys.put("tokenizer.ggml.model", MetadataValue.text("gpt2"));
    keys.put("tokenizer.ggml.pre", MetadataValue.text("qwen2"));
    keys.put("tokenizer.ggml.tokens", MetadataValue.strings(tokens));
    keys.put("tokenizer.ggml.token_type", MetadataValue.ints(types));
    keys.put("tokenizer.ggml.merges", MetadataValue.strings(List.of()));
    keys.put("tokenizer.ggml.eos_token_id", MetadataValue.uint32(tokens.size() - 1L));
    return keys;
  }
}
