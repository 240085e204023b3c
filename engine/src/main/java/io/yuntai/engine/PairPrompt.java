package io.yuntai.engine;

import io.yuntai.engine.ControlTokens.Match;
import io.yuntai.engine.gguf.Metadata;
import io.yuntai.engine.tokenizer.Tokenizer;
import io.yuntai.engine.tokenizer.Tokenizer.SpecialTokens;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The prompt in which a decoder that rates pairs reads a query and a document: a text with places
 * for both. Control tokens are those that the prompt itself spells.
 *
 * @param text with {@code {query}} and, behind it, {@code {document}}
 */
record PairPrompt(String text) {
  private static final String QUERY = "{query}";
  private static final String DOCUMENT = "{document}";
  private static final String INSTRUCTION = "<Instruct>: ";

  /** As Qwen3-Reranker was trained; format and words from its model card. */
  private static final PairPrompt QWEN3 =
      new PairPrompt(
          """
          <|im_start|>system
          Judge whether the Document meets the requirements based on the Query and the Instruct provided. Note that the answer can only be "yes" or "no".<|im_end|>
          <|im_start|>user
          <Instruct>: Given a web search query, retrieve relevant passages that answer the query
          <Query>: {query}
          <Document>: {document}<|im_end|>
          <|im_start|>assistant
          <think>

          </think>

          """);

  /** That of a file, which may carry its own; else Qwen3's. */
  static PairPrompt of(Metadata metadata) {
    Optional<String> own = metadata.findString("tokenizer.chat_template.rerank");
    return own.map(PairPrompt::new).orElse(QWEN3);
  }

  /** Checks its places. */
  PairPrompt {
    int query = text.indexOf(QUERY);
    if (query < 0 || text.indexOf(DOCUMENT) < query) {
      throw new ModelFormatException(
          "the prompt for pairs, tokenizer.chat_template.rerank, lacks %s or, behind it, %s"
              .formatted(QUERY, DOCUMENT));
    }
  }

  /** Whether it has a place for an instruction. */
  boolean takesInstruction() {
    int at = text.indexOf(INSTRUCTION);
    return at >= 0 && text.indexOf('\n', at) >= 0 && text.indexOf('\n', at) < text.indexOf(QUERY);
  }

  /** The same with another instruction; only where it {@link #takesInstruction}. */
  private String instructed(String instruction) {
    int from = text.indexOf(INSTRUCTION) + INSTRUCTION.length();
    return text.substring(0, from) + instruction + text.substring(text.indexOf('\n', from));
  }

  /** A filled prompt, and the ranges of it that a client wrote. */
  private record Filled(String text, int[] starts, int[] ends) {
    boolean isOwn(int from, int to) {
      for (int i = 0; i < starts.length; i++) {
        if (starts[i] < ends[i] && from < ends[i] && starts[i] < to) {
          return false;
        }
      }
      return true;
    }

    int end() {
      return ends[ends.length - 1];
    }
  }

  private Filled fill(String query, String document, String instruction) {
    String template = instruction.isEmpty() ? text : instructed(instruction);
    int instructionAt = template.indexOf(INSTRUCTION) + INSTRUCTION.length();
    int queryAt =
        template.indexOf(QUERY, instruction.isEmpty() ? 0 : instructionAt + instruction.length());
    int documentAt = template.indexOf(DOCUMENT, queryAt);
    int documentFrom = documentAt - QUERY.length() + query.length();
    String filled =
        template.substring(0, queryAt)
            + query
            + template.substring(queryAt + QUERY.length(), documentAt)
            + document
            + template.substring(documentAt + DOCUMENT.length());
    int instructionEnd =
        instruction.isEmpty() ? instructionAt : instructionAt + instruction.length();
    return new Filled(
        filled,
        new int[] {instructionAt, queryAt, documentFrom},
        new int[] {instructionEnd, queryAt + query.length(), documentFrom + document.length()});
  }

  /**
   * Token ids of a filled prompt.
   *
   * @param instruction what documents are judged for; empty for the prompt's own words
   * @param maxTokens the document, and then the query, is cut at its end to so many tokens in all
   */
  int[] encode(
      Tokenizer tokenizer,
      ControlTokens control,
      String query,
      String document,
      String instruction,
      int maxTokens) {
    Filled filled = fill(query, document, instruction);
    IntStream.Builder head = IntStream.builder();
    IntStream.Builder tail = IntStream.builder();
    IntStream.Builder into = head;
    int from = 0;
    for (Match match : control.matches(filled.text(), filled::isOwn)) {
      addText(tokenizer, filled.text().substring(from, match.start()), into);
      // What follows the document must stay whole.
      into = match.start() >= filled.end() ? tail : head;
      into.add(match.id());
      from = match.end();
    }
    addText(tokenizer, filled.text().substring(from), into);
    int[] last = tail.build().toArray();
    int[] first = head.build().toArray();
    int room = Math.max(0, maxTokens - last.length);
    int[] kept = first.length <= room ? first : Arrays.copyOf(first, room);
    return IntStream.concat(Arrays.stream(kept), Arrays.stream(last)).toArray();
  }

  private static void addText(Tokenizer tokenizer, String text, IntStream.Builder into) {
    if (!text.isEmpty()) {
      for (int id : tokenizer.encode(text, SpecialTokens.AS_TEXT)) {
        into.add(id);
      }
    }
  }
}
