package io.yuntai.server.gateway;

import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.CompletionRequest;
import io.yuntai.dialect.EmbeddingRequest;
import io.yuntai.dialect.EncoderRequest;
import io.yuntai.dialect.Message;
import io.yuntai.dialect.ModelRequest;
import io.yuntai.dialect.Prompt;
import io.yuntai.dialect.RerankRequest;
import io.yuntai.dialect.Tool;
import io.yuntai.dialect.ToolCall;

/**
 * How long the prompts of a request are, as far as that is known without a vocabulary.
 *
 * @param mostTokens surely enough: no token is shorter than a byte of UTF-8, of which a character
 *     takes three at most; with something for what a template adds
 * @param likelyTokens by the usual four characters for a token
 */
record PromptSize(long mostTokens, long likelyTokens) {
  private static final long MAX_BYTES_PER_CHAR = 3;
  private static final long CHARS_PER_TOKEN = 4;
  private static final long TOKENS_PER_MESSAGE = 32;
  private static final long TOKENS_PER_REQUEST = 1024;

  static PromptSize of(ModelRequest request) {
    return switch (request) {
      case ChatRequest chat -> {
        long chars = 0;
        for (Message message : chat.messages()) {
          chars += message.content().length() + message.reasoning().orElse("").length();
          for (ToolCall call : message.toolCalls()) {
            chars += call.name().length() + call.arguments().length();
          }
        }
        for (Tool tool : chat.toolUse().tools()) {
          chars += tool.definition().toString().length();
        }
        long added = TOKENS_PER_REQUEST + TOKENS_PER_MESSAGE * chat.messages().size();
        yield new PromptSize(chars * MAX_BYTES_PER_CHAR + added, chars / CHARS_PER_TOKEN);
      }
      case CompletionRequest completion -> {
        long most = TOKENS_PER_REQUEST;
        long likely = 0;
        for (Prompt prompt : completion.prompts()) {
          switch (prompt) {
            case Prompt.Text(String text) -> {
              most += text.length() * MAX_BYTES_PER_CHAR;
              likely += text.length() / CHARS_PER_TOKEN;
            }
            case Prompt.Tokens tokens -> {
              most += tokens.ids().size();
              likely += tokens.ids().size();
            }
          }
        }
        yield new PromptSize(most, likely);
      }
    };
  }

  static PromptSize of(EncoderRequest request) {
    long most = TOKENS_PER_REQUEST;
    long chars = 0;
    switch (request) {
      case EmbeddingRequest texts -> {
        for (Prompt input : texts.inputs()) {
          switch (input) {
            case Prompt.Text(String text) -> chars += text.length();
            case Prompt.Tokens tokens -> most += tokens.ids().size();
          }
        }
      }
      case RerankRequest documents -> {
        long query = (long) documents.query().length() + documents.instruction().length();
        for (String document : documents.documents()) {
          chars += query + document.length();
        }
        most += TOKENS_PER_MESSAGE * documents.documents().size();
      }
    }
    return new PromptSize(most + chars * MAX_BYTES_PER_CHAR, chars / CHARS_PER_TOKEN);
  }
}
