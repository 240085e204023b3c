package io.yuntai.server.gateway;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.CompletionRequest;
import io.yuntai.dialect.ContextOverflow;
import io.yuntai.dialect.Message;
import io.yuntai.dialect.Prompt;
import io.yuntai.dialect.Tool;
import io.yuntai.dialect.ToolUse;
import io.yuntai.engine.ChatPrompt;
import io.yuntai.engine.PromptTooLongException;
import io.yuntai.engine.template.TemplateException;
import io.yuntai.engine.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A request's prompts as token ids.
 *
 * @param field the request's field that they come from
 * @param tokens one array for each prompt, none empty
 */
record Prompts(String field, List<int[]> tokens) {
  private static final String MESSAGES = "messages";
  private static final String PROMPT = "prompt";

  /** The one prompt of a conversation. */
  static Prompts of(ChatRequest request, HostedModel model) throws ApiException {
    List<Map<String, Object>> tools = tools(request.toolUse(), model);
    Map<String, Object> variables = ThinkingVariables.of(request);
    List<Message> said = request.messages();
    List<Message> turns = request.continued() ? said.subList(0, said.size() - 1) : said;
    List<ChatPrompt> spellings =
        TemplateMessages.spellings(turns).stream()
            .map(messages -> new ChatPrompt(messages, tools, true, variables))
            .toList();
    try {
      int[] ids = encode(spellings, model);
      if (request.continued()) {
        ids = begun(ids, said.getLast().content(), model);
      }
      return new Prompts(MESSAGES, List.of(notEmpty(ids, MESSAGES, model)));
    } catch (TemplateException e) {
      throw new ApiException(
          ApiError.invalidField(
              "chat_template_error",
              MESSAGES,
              "The chat template of `%s` can't take these messages: %s"
                  .formatted(model.name(), e.getMessage())));
    }
  }

  /** A prompt whose answer has begun. */
  private static int[] begun(int[] prompt, String answer, HostedModel model) {
    int[] begin = model.tokenizer().encode(answer, Tokenizer.SpecialTokens.AS_TEXT);
    int[] ids = Arrays.copyOf(prompt, prompt.length + begin.length);
    System.arraycopy(begin, 0, ids, prompt.length, begin.length);
    return ids;
  }

  /** Each prompt of a completion. */
  static Prompts of(CompletionRequest request, HostedModel model) throws ApiException {
    List<int[]> tokens = new ArrayList<>(request.prompts().size());
    for (Prompt prompt : request.prompts()) {
      int[] ids =
          switch (prompt) {
            case Prompt.Text text -> model.prompts().encodeText(text.text());
            case Prompt.Tokens given -> inVocabulary(given.ids(), model);
          };
      tokens.add(notEmpty(ids, PROMPT, model));
    }
    return new Prompts(PROMPT, tokens);
  }

  /** Each prompt counted once, however many answers it gets. */
  long totalTokens() {
    return tokens.stream().mapToLong(ids -> ids.length).sum();
  }

  ApiError tooLong(PromptTooLongException e) {
    return ApiError.contextExceeded(
        field,
        new ContextOverflow(e.contextTokens(), e.promptTokens()),
        "This model's maximum context length is %d tokens, prompt and answer together, but your %s resulted in %d tokens; shorten the %s."
            .formatted(e.contextTokens(), field, e.promptTokens(), field));
  }

  /** By the first spelling that the template takes. */
  private static int[] encode(List<ChatPrompt> spellings, HostedModel model) {
    for (ChatPrompt spelling : spellings.subList(0, spellings.size() - 1)) {
      try {
        return model.prompts().encodeChat(spelling);
      } catch (TemplateException _) {
        // The next one may do.
      }
    }
    return model.prompts().encodeChat(spellings.getLast());
  }

  private static List<Map<String, Object>> tools(ToolUse use, HostedModel model)
      throws ApiException {
    if (!use.allowsCalls()) {
      return List.of();
    }
    if (model.format().calls().isEmpty()) {
      throw new ApiException(
          ApiError.invalidField(
              "unsupported_parameter",
              "tools",
              "The model `%s` can't call tools: its chat template has no form of it that this server reads."
                  .formatted(model.name())));
    }
    return use.tools().stream().map(Tool::definition).toList();
  }

  private static int[] notEmpty(int[] ids, String field, HostedModel model) throws ApiException {
    if (ids.length == 0) {
      throw new ApiException(
          ApiError.invalidField(
              "invalid_value",
              field,
              "Invalid '%s': the prompt is empty, and `%s` needs at least one token."
                  .formatted(field, model.name())));
    }
    return ids;
  }

  private static int[] inVocabulary(List<Integer> ids, HostedModel model) throws ApiException {
    int[] tokens = new int[ids.size()];
    int size = model.tokenizer().vocabularySize();
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = ids.get(i);
      if (tokens[i] >= size) {
        throw new ApiException(
            ApiError.invalidField(
                "invalid_value",
                PROMPT,
                "Invalid 'prompt': token %d is not one of the model's, which run from 0 to %d."
                    .formatted(tokens[i], size - 1)));
      }
    }
    return tokens;
  }
}
