package io.yuntai.server.texts;

import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.ModelRequest;
import io.yuntai.dialect.openai.OpenAiRequests;
import io.yuntai.ledger.texts.KeptText;
import java.nio.charset.StandardCharsets;

/** What was asked, to be asked again. */
public final class KeptRequests {
  private KeptRequests() {}

  /**
   * The request, with the model, the parameters and the seed that it had.
   *
   * @throws ApiException 400 where OpenAI's API can't say what it asked, such as more stop texts
   *     than four
   */
  public static ModelRequest read(KeptText text) throws ApiException {
    byte[] asked = text.asked().getBytes(StandardCharsets.UTF_8);
    if (text.operation().equals("completion")) {
      return OpenAiRequests.decodeCompletion(asked);
    }
    ChatRequest chat = OpenAiRequests.decodeChat(asked);
    return text.continued()
        ? new ChatRequest(
            chat.model(),
            chat.messages(),
            chat.toolUse(),
            chat.settings(),
            chat.delivery(),
            chat.templateVariables(),
            chat.thinking(),
            chat.labels(),
            true)
        : chat;
  }
}
