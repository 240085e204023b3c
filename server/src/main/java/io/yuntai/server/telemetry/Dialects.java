package io.yuntai.server.telemetry;

/** Which API a request for a model's work speaks, told by its path. */
final class Dialects {
  private Dialects() {}

  static String ofPath(String path) {
    if (path.contains("/messages")) {
      return "anthropic";
    }
    if (path.startsWith("/console")) {
      return "console";
    }
    if (path.startsWith("/api/v1/") || path.startsWith("/compatible-api/")) {
      return "dashscope";
    }
    if (path.startsWith("/api/")) {
      return "ollama";
    }
    return path.contains("/responses") ? "responses" : "openai";
  }
}
