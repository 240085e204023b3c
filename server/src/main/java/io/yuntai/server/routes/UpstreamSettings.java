package io.yuntai.server.routes;

import io.yuntai.server.upstream.Credential;
import io.yuntai.server.upstream.UpstreamAddress;
import io.yuntai.server.upstream.UpstreamTimeouts;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * An upstream as the file describes it.
 *
 * @param name in the file
 * @param kind which API it speaks
 * @param apiVersion Azure's; empty elsewhere
 * @param residency where data sent there stays; for targets that do not say it themselves
 * @param health how it is asked whether it lives; empty where it is not
 */
record UpstreamSettings(
    String name,
    Kind kind,
    UpstreamAddress address,
    String apiVersion,
    Credential credential,
    UpstreamTimeouts timeouts,
    Breaker.Settings breaker,
    Set<String> residency,
    Optional<Health> health) {
  /** Which API an upstream speaks. */
  enum Kind {
    OPENAI("openai", "https://api.openai.com/v1"),
    COMPATIBLE("openai-compatible", ""),
    AZURE("azure", ""),
    ANTHROPIC("anthropic", "https://api.anthropic.com/v1"),
    DASHSCOPE("dashscope", "https://dashscope.aliyuncs.com/api/v1"),
    OLLAMA("ollama", "http://127.0.0.1:11434");

    private final String label;
    private final String url;

    Kind(String label, String url) {
      this.label = label;
      this.url = url;
    }

    /** As the file names it. */
    String label() {
      return label;
    }

    /** What a probe asks for unless the file says otherwise. */
    String probePath() {
      return this == OLLAMA ? "/api/version" : "/models";
    }

    /** Its base URL where it has one that is the same for all; otherwise empty. */
    String url() {
      return url;
    }
  }

  /**
   * An active probe.
   *
   * @param path below the base URL; any answer below 500 is life
   */
  record Health(String path, Duration every, Duration timeout) {}
}
