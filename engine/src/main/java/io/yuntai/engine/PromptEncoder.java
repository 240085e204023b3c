package io.yuntai.engine;

import io.yuntai.engine.template.ChatTemplate;
import io.yuntai.engine.template.TemplateException;
import io.yuntai.engine.tokenizer.Tokenizer;
import java.util.Optional;

/**
 * Turns prompts into token ids: a conversation through the model's chat template, or plain text.
 *
 * <p>Only control tokens that the template itself writes become control tokens; a message that
 * spells one stays text. Immutable, safe for use by many threads.
 */
public final class PromptEncoder {
  /**
   * @param tokenizer the model's vocabulary
   * @param chatTemplate the model's chat template, if it has one
   */
  @SuppressWarnings("OptionalUsedAsFieldOrParameterType") // as LoadedModel carries it
  public PromptEncoder(Tokenizer tokenizer, Optional<ChatTemplate> chatTemplate) {}

  /**
   * The conversation as text, for people; {@link #encodeChat} is what the model gets.
   *
   * @throws TemplateException where the template refuses the conversation, fails, or does not exist
   */
  public String render(ChatPrompt prompt) {
    throw new UnsupportedOperationException("not written yet");
  }

  /**
   * The conversation as token ids, with one beginning-of-sequence token where the model wants one.
   *
   * @throws TemplateException where the template refuses the conversation, fails, or does not exist
   */
  public int[] encodeChat(ChatPrompt prompt) {
    throw new UnsupportedOperationException("not written yet");
  }

  /** Plain text as token ids, after a beginning-of-sequence token where the model wants one. */
  public int[] encodeText(String text) {
    throw new UnsupportedOperationException("not written yet");
  }
}
