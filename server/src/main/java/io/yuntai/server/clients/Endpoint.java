package io.yuntai.server.clients;

/**
 * What a client is pointed at.
 *
 * @param url base address of the server, without a slash at its end
 * @param key an API key; secret
 * @param model which model the client is to ask
 */
public record Endpoint(String url, String key, String model) {
  /** Stands for a key in settings that are only shown. */
  public static final String KEY_PLACEHOLDER = "YOUR_KEY";

  /** Base address of the OpenAI API. */
  public String openAi() {
    return url + "/v1";
  }

  /** Base address of the Anthropic API; its clients add {@code /v1/messages}. */
  public String anthropic() {
    return url + "/anthropic";
  }

  /** Base address of the DashScope API. */
  public String dashScope() {
    return url + "/api/v1";
  }

  /** Without the secret, so that it can't slip into a log. */
  @Override
  public String toString() {
    return "Endpoint[url=" + url + ", model=" + model + "]";
  }
}
