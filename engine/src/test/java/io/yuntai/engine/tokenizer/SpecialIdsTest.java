package io.yuntai.engine.tokenizer;

import static io.yuntai.engine.tokenizer.TinyVocabulary.CONTROL;
import static io.yuntai.engine.tokenizer.TinyVocabulary.NORMAL;
import static io.yuntai.engine.tokenizer.TinyVocabulary.USER_DEFINED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.gguf.Metadata;
import io.yuntai.engine.gguf.MetadataValue;
import io.yuntai.engine.tokenizer.Tokenizer.SpecialTokens;
import io.yuntai.engine.tokenizer.Vocabulary.SpecialIds;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a file says of beginnings and ends, and how it is read. */
class SpecialIdsTest {
  @Test
  void endsAtTheIdsThatTheFileNamesAndAtKnownSpellings() {
    Tokenizer tokenizer =
        TinyVocabulary.bytes("qwen2")
            .token("<stop>", CONTROL)
            .token("<turn>", CONTROL)
            .token("<message>", CONTROL)
            .token("<|im_end|>", CONTROL)
            .token("<|im_start|>", CONTROL)
            .token("</s>", USER_DEFINED)
            .token("<|eot_id|>", NORMAL)
            .special(new SpecialIds(-1, 256, 257, 258, -1, -1, -1))
            .tokenizer();

    assertThat(IntStream.range(0, tokenizer.vocabularySize()).filter(tokenizer::isEndOfGeneration))
        .containsExactly(256, 257, 258, 259);
    assertThat(IntStream.range(0, tokenizer.vocabularySize()).filter(tokenizer::isControl))
        .containsExactly(256, 257, 258, 259, 260);
    assertThat(tokenizer.endOfSequence()).isEqualTo(256);
    assertThat(tokenizer.addsEndOfSequence()).isFalse();
  }

  @Test
  void addsABeginningByTheFileElseByTheKind() {
    SpecialIds begin = new SpecialIds(0, -1, -1, -1, -1, -1, -1);

    assertThat(TinyVocabulary.bytes("qwen2").special(begin).tokenizer().addsBeginOfSequence())
        .isFalse();
    assertThat(TinyVocabulary.bytes("llama-bpe").special(begin).tokenizer().addsBeginOfSequence())
        .isTrue();
    assertThat(TinyVocabulary.sentencePiece().special(begin).tokenizer().addsBeginOfSequence())
        .isTrue();
    assertThat(TinyVocabulary.sentencePiece().tokenizer().addsBeginOfSequence()).isFalse();
    assertThat(
            TinyVocabulary.sentencePiece()
                .special(begin)
                .addsBegin(false)
                .tokenizer()
                .addsBeginOfSequence())
        .isFalse();
  }

  @Test
  void refusesIdsOutsideTheVocabulary() {
    Tokenizer tokenizer = TinyVocabulary.bytes("qwen2").tokenizer();

    for (int id : new int[] {-1, 256}) {
      assertThatThrownBy(() -> tokenizer.bytes(id, true))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> tokenizer.spelling(id))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> tokenizer.isEndOfGeneration(id))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void readsAVocabularyFromMetadata() {
    Tokenizer tokenizer = Tokenizer.of(Vocabulary.of(new Metadata("tiny.gguf", tinyMetadata())));

    assertThat(tokenizer.encode("ab<s>", SpecialTokens.PARSE)).containsExactly(2, 3);
    assertThat(tokenizer.beginOfSequence()).isEqualTo(3);
    assertThat(tokenizer.endOfSequence()).isEqualTo(-1);
    assertThat(tokenizer.addsBeginOfSequence()).isTrue();
  }

  @Test
  void refusesMetadataOfAnotherType() {
    Map<String, MetadataValue> metadata = tinyMetadata();
    metadata.put("tokenizer.ggml.tokens", MetadataValue.ints(1, 2));

    assertThatThrownBy(() -> Vocabulary.of(new Metadata("tiny.gguf", metadata)))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("tokenizer.ggml.tokens");
    assertThatThrownBy(() -> Vocabulary.of(new Metadata("tiny.gguf", Map.of())))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("tokenizer.ggml.model");
  }

  private static Map<String, MetadataValue> tinyMetadata() {
    Map<String, MetadataValue> metadata = new LinkedHashMap<>();
    metadata.put("tokenizer.ggml.model", MetadataValue.text("gpt2"));
    metadata.put("tokenizer.ggml.pre", MetadataValue.text("qwen2"));
    metadata.put("tokenizer.ggml.tokens", MetadataValue.strings(List.of("a", "b", "ab", "<s>")));
    metadata.put("tokenizer.ggml.token_type", MetadataValue.ints(1, 1, 1, 3));
    metadata.put("tokenizer.ggml.merges", MetadataValue.strings(List.of("a b")));
    metadata.put("tokenizer.ggml.bos_token_id", MetadataValue.uint32(3));
    metadata.put("tokenizer.ggml.eos_token_id", MetadataValue.uint32(0xFFFF_FFFFL));
    metadata.put("tokenizer.ggml.add_bos_token", MetadataValue.flag(true));
    return metadata;
  }
}
