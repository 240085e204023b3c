package io.yuntai.engine.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Small {@code tokenizer.json} files of our own. */
final class PublishedTokenizers {
  static final String QWEN_2 =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private PublishedTokenizers() {}

  /** Bytes, a few merges, and two added tokens with the ids 100 and 101. */
  static void byteLevel(Path folder, String pattern, boolean ignoresMerges) throws IOException {
    Map<String, Object> vocabulary = new LinkedHashMap<>();
    for (char c = '!'; c <= '~'; c++) {
      vocabulary.put(String.valueOf(c), vocabulary.size());
    }
    vocabulary.put("\u0120", vocabulary.size());
    vocabulary.put("ab", vocabulary.size());
    vocabulary.put("\u0120ab", vocabulary.size());
    Map<String, Object> split =
        Map.of(
            "type",
            "Split",
            "pattern",
            Map.of("Regex", pattern),
            "behavior",
            "Isolated",
            "invert",
            false);
    Map<String, Object> bytes =
        Map.of("type", "ByteLevel", "add_prefix_space", false, "use_regex", false);
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("type", "BPE");
    model.put("ignore_merges", ignoresMerges);
    model.put("vocab", vocabulary);
    model.put("merges", List.of("a b", List.of("\u0120", "ab")));
    write(
        folder,
        Map.of(
            "added_tokens",
            List.of(
                Map.of("id", 100, "content", "<|end|>", "special", true),
                Map.of("id", 101, "content", "<think>", "special", false)),
            "pre_tokenizer",
            Map.of("type", "Sequence", "pretokenizers", List.of(split, bytes)),
            "model",
            model));
    JsonMapper.shared()
        .writeValue(
            folder.resolve("tokenizer_config.json").toFile(),
            Map.of(
                "eos_token",
                Map.of("content", "<|end|>"),
                "add_bos_token",
                false,
                "chat_template",
                "{{ messages[0].content }}"));
  }

  /** SentencePiece's kind: control tokens, bytes, letters, and words by merges. */
  static void sentencePiece(Path folder) throws IOException {
    Map<String, Object> vocabulary = new LinkedHashMap<>();
    for (String token : List.of("<unk>", "<s>", "</s>")) {
      vocabulary.put(token, vocabulary.size());
    }
    for (int value = 0; value < 100; value++) {
      vocabulary.put("<0x%02X>".formatted(value), vocabulary.size());
    }
    for (String token : List.of("\u2581", "a", "b", "c", "ab", "bc", "abc", "\u2581abc")) {
      vocabulary.put(token, vocabulary.size());
    }
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("type", "BPE");
    model.put("unk_token", "<unk>");
    model.put("byte_fallback", true);
    model.put("vocab", vocabulary);
    model.put("merges", List.of("b c", "a b", "a bc", "ab c", "\u2581 abc"));
    List<Map<String, Object>> added = new ArrayList<>();
    for (int id = 0; id < 3; id++) {
      added.add(
          Map.of("id", id, "content", List.of("<unk>", "<s>", "</s>").get(id), "special", true));
    }
    write(
        folder,
        Map.of(
            "added_tokens",
            added,
            "normalizer",
            Map.of(
                "type",
                "Sequence",
                "normalizers",
                List.of(
                    Map.of("type", "Prepend", "prepend", "\u2581"),
                    Map.of(
                        "type", "Replace",
                        "pattern", Map.of("String", " "),
                        "content", "\u2581"))),
            "post_processor",
            Map.of(
                "type",
                "TemplateProcessing",
                "single",
                List.of(
                    Map.of("SpecialToken", Map.of("id", "<s>", "type_id", 0)),
                    Map.of("Sequence", Map.of("id", "A", "type_id", 0)))),
            "model",
            model));
    JsonMapper.shared()
        .writeValue(
            folder.resolve("tokenizer_config.json").toFile(),
            Map.of("bos_token", "<s>", "eos_token", "</s>", "unk_token", "<unk>"));
  }

  private static void write(Path folder, Map<String, Object> tokenizer) throws IOException {
    java.nio.file.Files.write(
        folder.resolve("tokenizer.json"),
        JsonMapper.shared().writeValueAsString(tokenizer).getBytes(StandardCharsets.UTF_8));
  }
}
