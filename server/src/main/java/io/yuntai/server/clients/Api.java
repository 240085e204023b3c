package io.yuntai.server.clients;

/** In which API a client asks. */
public enum Api {
  CHAT_COMPLETIONS("OpenAI chat completions"),
  RESPONSES("OpenAI responses"),
  MESSAGES("Anthropic messages"),
  GENERATION("DashScope text generation");

  private final String title;

  Api(String title) {
    this.title = title;
  }

  /** As people call it. */
  public String title() {
    return title;
  }
}
