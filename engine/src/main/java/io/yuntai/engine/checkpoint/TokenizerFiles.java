package io.yuntai.engine.checkpoint;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.gguf.MetadataValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A checkpoint's words: the vocabulary of {@code tokenizer.json}, which tokens have a meaning, and
 * the chat template, as GGUF's keys {@code tokenizer.*}.
 */
final class TokenizerFiles {
  private static final String PREFIX = "tokenizer.ggml.";
  private static final long MAX_TOKENIZER_BYTES = 256 << 20;
  private static final long MAX_SETTINGS_BYTES = 64 << 20;
  private static final long MAX_TEMPLATE_BYTES = 4 << 20;

  private final Description into;
  private final PublishedVocabulary vocabulary;
  private final List<Fields> settings;

  private TokenizerFiles(Description into, PublishedVocabulary vocabulary, List<Fields> settings) {
    this.into = into;
    this.vocabulary = vocabulary;
    this.settings = settings;
  }

  /**
   * Writes the keys; none where the folder has no tokenizer at all.
   *
   * @param rows how many tokens the embeddings have
   */
  static void describe(Path folder, int rows, Description into) throws IOException {
    Optional<Fields> tokenizer = Fields.read(folder, "tokenizer.json", MAX_TOKENIZER_BYTES);
    if (tokenizer.isEmpty()) {
      if (Files.isRegularFile(folder.resolve("tokenizer.model"))) {
        throw new ModelFormatException(
            "It has tokenizer.model but no tokenizer.json, which alone is read; transformers' AutoTokenizer writes one");
      }
      return;
    }
    Fields nothing = new Fields("tokenizer_config.json", java.util.Map.of());
    Fields words = Fields.read(folder, "tokenizer_config.json", MAX_SETTINGS_BYTES).orElse(nothing);
    Fields generation =
        Fields.read(folder, "generation_config.json", MAX_SETTINGS_BYTES).orElse(nothing);
    Fields config = Fields.read(folder, Checkpoint.CONFIG, MAX_SETTINGS_BYTES).orElse(nothing);
    PublishedVocabulary vocabulary = PublishedVocabulary.read(tokenizer.get(), rows);
    vocabulary.describe(into);
    TokenizerFiles files = new TokenizerFiles(into, vocabulary, List.of(words, generation, config));
    files.special();
    files.additions(tokenizer.get());
    files.template(folder);
  }

  private Fields words() {
    return settings.getFirst();
  }

  private void special() {
    id("bos", "bos_token_id");
    id("unk", "unknown_token_id");
    id("pad", "padding_token_id");
    int end = id("eos", "eos_token_id");
    // Several ends: the further ones take the places of ends of turns and of messages.
    Set<Integer> further = new LinkedHashSet<>();
    for (Fields file : settings) {
      further.addAll(ids(file, "eos_token_id"));
    }
    further.remove(end);
    List<Integer> ends = List.copyOf(further);
    if (!ends.isEmpty()) {
      into.put(PREFIX + "eot_token_id", MetadataValue.uint32(ends.get(0)));
    }
    if (ends.size() > 1) {
      into.put(PREFIX + "eom_token_id", MetadataValue.uint32(ends.get(1)));
    }
  }

  /** Writes a special token's id and gives it; -1 where there is none. */
  private int id(String name, String key) {
    int id = find(name);
    if (id >= 0) {
      into.put(PREFIX + key, MetadataValue.uint32(id));
    }
    return id;
  }

  private int find(String name) {
    Optional<String> text = spelling(words(), name + "_token");
    if (text.isPresent()) {
      return vocabulary.id(text.get());
    }
    for (Fields file : settings) {
      List<Integer> ids = ids(file, name + "_token_id");
      if (!ids.isEmpty()) {
        return ids.getFirst();
      }
    }
    return -1;
  }

  /** A token's text, which stands alone or with how it is to be treated. */
  private static Optional<String> spelling(Fields file, String key) {
    return file.find(key).isPresent() && !(file.find(key).get() instanceof String)
        ? file.object(key).flatMap(token -> token.text("content"))
        : file.text(key);
  }

  /** One id or several; those beyond the vocabulary are of no use. */
  private List<Integer> ids(Fields file, String key) {
    Object value = file.find(key).orElse(List.of());
    List<?> list = value instanceof List<?> several ? several : List.of(value);
    return list.stream()
        .filter(Long.class::isInstance)
        .map(Long.class::cast)
        .filter(id -> id >= 0 && id < vocabulary.size())
        .map(Long::intValue)
        .toList();
  }

  /** Which tokens are put round every text. */
  private void additions(Fields tokenizer) {
    Optional<Fields> template =
        TokenizerSteps.of(tokenizer, "post_processor", "processors").stream()
            .filter(step -> step.text("type").orElse("").equals("TemplateProcessing"))
            .findFirst();
    List<Fields> single = template.map(each -> each.objects("single")).orElse(List.of());
    addition("add_bos_token", !single.isEmpty() && single.getFirst().has("SpecialToken"));
    addition("add_eos_token", !single.isEmpty() && single.getLast().has("SpecialToken"));
  }

  private void addition(String key, boolean byTemplate) {
    into.put(PREFIX + key, MetadataValue.flag(words().flag(key, byTemplate)));
  }

  private void template(Path folder) throws IOException {
    Optional<String> file = Fields.text(folder, "chat_template.jinja", MAX_TEMPLATE_BYTES);
    Optional<String> template = file.isPresent() ? file : listed();
    template.ifPresent(text -> into.put("tokenizer.chat_template", MetadataValue.text(text)));
  }

  /** A template, or of several the one named default. */
  private Optional<String> listed() {
    if (words().find("chat_template").orElse("") instanceof List<?>) {
      return words().objects("chat_template").stream()
          .filter(each -> each.text("name").orElse("").equals("default"))
          .findFirst()
          .flatMap(each -> each.text("template"));
    }
    return words().text("chat_template");
  }
}
