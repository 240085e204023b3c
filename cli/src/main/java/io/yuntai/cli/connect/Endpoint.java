package io.yuntai.cli.connect;

/**
 * What a client is pointed at.
 *
 * @param url base address of the server, without a slash at its end
 * @param key an API key; secret
 * @param model which model the client is to ask
 */
record Endpoint(String url, String key, String model) {
  /** Stands for a key in settings that are only shown. */
  static final String KEY_PLACEHOLDER = "YOUR_KEY";

  /** Base address of the OpenAI API. */
  String openAi() {
    return url + "/v1";
  }

  /** Base address of the Anthropic API; its clients add {@code /v1/messages}. */
  String anthropic() {
    return url + "/anthropic";
  }

  /** Base address of the DashScope API. */
  String dashScope() {
    return url + "/api/v1";
  }

  /** Without the secret, so that it can't slip into a log. */
  @Override
  public String toString() {
    return "Endpoint[url=" + url + ", model=" + model + "]";
  }
}
