package io.yuntai.engine;

import io.yuntai.engine.template.ChatTemplate;
import io.yuntai.engine.template.RenderedText;
import io.yuntai.engine.template.TemplateException;
import io.yuntai.engine.template.TemplateText;
import io.yuntai.engine.tokenizer.Tokenizer;
import io.yuntai.engine.tokenizer.Tokenizer.SpecialTokens;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Turns prompts into token ids: a conversation through the model's chat template, or plain text.
 *
 * <p>Only control tokens that the template itself writes become control tokens; a message that
 * spells one stays text (docs/decisions/007-special-tokens-by-origin.md). Immutable, safe for use
 * by many threads.
 */
public final class PromptEncoder {
  /**
   * Roles that count as the template's own words, because templates build control tokens of them,
   * as in {@code '<|' + message.role + '|>'}.
   */
  private static final Set<String> ROLES =
      Set.of("system", "developer", "user", "assistant", "tool", "function");

  private final Tokenizer tokenizer;
  private final @Nullable ChatTemplate template;
  private final ControlTokens controlTokens;

  /**
   * @param tokenizer the model's vocabulary
   * @param chatTemplate the model's chat template, if it has one
   */
  @SuppressWarnings("OptionalUsedAsFieldOrParameterType") // as LoadedModel carries it
  public PromptEncoder(Tokenizer tokenizer, Optional<ChatTemplate> chatTemplate) {
    this.tokenizer = tokenizer;
    template = chatTemplate.orElse(null);
    controlTokens = ControlTokens.of(tokenizer);
  }

  /**
   * The conversation as text, for people; {@link #encodeChat} is what the model gets.
   *
   * @throws TemplateException where the template refuses the conversation, fails, or does not exist
   */
  public String render(ChatPrompt prompt) {
    return rendered(prompt).text();
  }

  /**
   * The conversation as token ids, with one beginning-of-sequence token where the model wants one.
   *
   * @throws TemplateException where the template refuses the conversation, fails, or does not exist
   */
  public int[] encodeChat(ChatPrompt prompt) {
    RenderedText rendered = rendered(prompt);
    String text = rendered.text();
    IntStream.Builder ids = IntStream.builder();
    int from = 0;
    for (ControlTokens.Match match : controlTokens.matches(text, rendered::isFromTemplate)) {
      addText(text.substring(from, match.start()), ids);
      ids.add(match.id());
      from = match.end();
    }
    addText(text.substring(from), ids);
    return withBeginOfSequence(ids.build().toArray());
  }

  /**
   * Plain text as token ids, after a beginning-of-sequence token where the model wants one. Control
   * tokens that the text spells stay text.
   */
  public int[] encodeText(String text) {
    return withBeginOfSequence(tokenizer.encode(text, SpecialTokens.AS_TEXT));
  }

  private void addText(String text, IntStream.Builder ids) {
    if (!text.isEmpty()) {
      for (int id : tokenizer.encode(text, SpecialTokens.AS_TEXT)) {
        ids.add(id);
      }
    }
  }

  private int[] withBeginOfSequence(int[] ids) {
    int begin = tokenizer.beginOfSequence();
    boolean missing =
        tokenizer.addsBeginOfSequence() && begin >= 0 && (ids.length == 0 || ids[0] != begin);
    return missing ? IntStream.concat(IntStream.of(begin), IntStream.of(ids)).toArray() : ids;
  }

  private RenderedText rendered(ChatPrompt prompt) {
    if (template == null) {
      throw new TemplateException(
          "this model has no chat template; use it through completions instead of chat", false);
    }
    Map<String, @Nullable Object> variables = new LinkedHashMap<>();
    token("bos_token", tokenizer.beginOfSequence(), variables);
    token("eos_token", tokenizer.endOfSequence(), variables);
    variables.putAll(prompt.templateVariables());
    variables.put("messages", withTrustedRoles(prompt.messages()));
    return template.renderTraced(variables);
  }

  private void token(String name, int id, Map<String, @Nullable Object> variables) {
    if (id >= 0) {
      variables.put(name, new TemplateText(tokenizer.spelling(id)));
    }
  }

  private static List<Map<String, @Nullable Object>> withTrustedRoles(
      List<Map<String, @Nullable Object>> messages) {
    List<Map<String, @Nullable Object>> trusted = new ArrayList<>(messages.size());
    for (Map<String, @Nullable Object> message : messages) {
      Map<String, @Nullable Object> copy = new LinkedHashMap<>(message);
      if (copy.get("role") instanceof String role && ROLES.contains(role)) {
        copy.put("role", new TemplateText(role));
      }
      trusted.add(copy);
    }
    return trusted;
  }
}
