package io.yuntai.server.clients;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The clients that we know: agents, apps, libraries. What each reads is from its makers'
 * documentation and was tried with the version that {@code docs/connect.md} names.
 */
public final class Clients {
  private static final List<Client> ALL =
      List.of(
          new Client(
              "claude-code",
              "Claude Code",
              Api.MESSAGES,
              Clients::claudeCode,
              "claude --settings ~/.claude/yuntai.json"),
          new Client("codex", "Codex CLI", Api.RESPONSES, Clients::codex, codexUse()),
          new Client(
              "qwen-code",
              "Qwen Code",
              Api.CHAT_COMPLETIONS,
              Clients::qwenCode,
              "set -a; . ~/.qwen/yuntai.env; set +a; qwen --auth-type openai"),
          new Client(
              "opencode",
              "opencode",
              Api.CHAT_COMPLETIONS,
              Clients::opencode,
              "OPENCODE_CONFIG=~/.config/opencode/yuntai.json opencode"),
          new Client(
              "continue",
              "Continue",
              Api.CHAT_COMPLETIONS,
              Clients::continueDev,
              "cn --config ~/.continue/yuntai.yaml"),
          new Client(
              "aider",
              "aider",
              Api.CHAT_COMPLETIONS,
              Clients::aider,
              withEnvironment("aider") + "aider"),
          new Client(
              "open-webui",
              "Open WebUI",
              Api.CHAT_COMPLETIONS,
              Clients::openWebUi,
              withEnvironment("open-webui") + "open-webui serve"),
          library("openai-python", "OpenAI for Python", Api.CHAT_COMPLETIONS, "hello_openai.py"),
          library("openai-node", "OpenAI for Node", Api.CHAT_COMPLETIONS, "hello_openai.mjs"),
          library("openai-java", "OpenAI for Java", Api.CHAT_COMPLETIONS, "HelloOpenAi.java"),
          library("anthropic-python", "Anthropic for Python", Api.MESSAGES, "hello_anthropic.py"),
          library("anthropic-node", "Anthropic for Node", Api.MESSAGES, "hello_anthropic.mjs"),
          library("anthropic-java", "Anthropic for Java", Api.MESSAGES, "HelloAnthropic.java"),
          library("dashscope-python", "DashScope for Python", Api.GENERATION, "hello_dashscope.py"),
          library("dashscope-java", "DashScope for Java", Api.GENERATION, "HelloDashScope.java"),
          library("litellm", "LiteLLM", Api.CHAT_COMPLETIONS, "hello_litellm.py"),
          library("langchain", "LangChain", Api.CHAT_COMPLETIONS, "hello_langchain.py"),
          library("langchain4j", "LangChain4j", Api.CHAT_COMPLETIONS, "HelloLangChain4j.java"),
          library("llama-index", "LlamaIndex", Api.CHAT_COMPLETIONS, "hello_llama_index.py"),
          library("curl", "curl", Api.CHAT_COMPLETIONS, "hello.sh"));

  /**
   * Agents begin with up to 20,000 tokens, which a small machine reads for minutes. Keep-alives are
   * comments, and agents wait for tokens: by themselves four to ten minutes.
   */
  private static final Duration LONGEST_SILENCE = Duration.ofHours(1);

  private static final JsonMapper JSON =
      JsonMapper.builder().disable(JsonWriteFeature.ESCAPE_FORWARD_SLASHES).build();

  private Clients() {}

  private static String pretty(Object value) {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n";
  }

  /** All, agents first. */
  public static List<Client> all() {
    return ALL;
  }

  /** The client called so. */
  public static Optional<Client> find(String id) {
    return ALL.stream().filter(client -> client.id().equals(id)).findFirst();
  }

  private static List<Setting> claudeCode(Endpoint endpoint, Client.Folders folders) {
    Map<String, String> env = new LinkedHashMap<>();
    env.put("ANTHROPIC_BASE_URL", endpoint.anthropic());
    env.put("ANTHROPIC_AUTH_TOKEN", endpoint.key());
    // Whatever size it asks for, there is this one model.
    env.put("ANTHROPIC_MODEL", endpoint.model());
    env.put("ANTHROPIC_DEFAULT_OPUS_MODEL", endpoint.model());
    env.put("ANTHROPIC_DEFAULT_SONNET_MODEL", endpoint.model());
    env.put("ANTHROPIC_DEFAULT_HAIKU_MODEL", endpoint.model());
    env.put("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");
    env.put("API_TIMEOUT_MS", Long.toString(LONGEST_SILENCE.toMillis()));
    return List.of(
        new Setting.File(
            folders.home().resolve(".claude/yuntai.json"), pretty(Map.of("env", env))));
  }

  private static String codexUse() {
    return "set -a; . ~/.codex/yuntai.env; set +a; codex --profile yuntai";
  }

  private static List<Setting> codex(Endpoint endpoint, Client.Folders folders) {
    String profile =
        """
        model = %s
        model_provider = "yuntai"

        [model_providers.yuntai]
        name = "Yuntai"
        base_url = %s
        env_key = "YUNTAI_API_KEY"
        wire_api = "responses"
        stream_idle_timeout_ms = %d
        """
            .formatted(
                quoted(endpoint.model()), quoted(endpoint.openAi()), LONGEST_SILENCE.toMillis());
    return List.of(
        new Setting.File(folders.home().resolve(".codex/yuntai.config.toml"), profile),
        new Setting.Variables(
            folders.home().resolve(".codex/yuntai.env"), Map.of("YUNTAI_API_KEY", endpoint.key())));
  }

  private static List<Setting> qwenCode(Endpoint endpoint, Client.Folders folders) {
    Map<String, String> env = new LinkedHashMap<>();
    env.put("OPENAI_BASE_URL", endpoint.openAi());
    env.put("OPENAI_API_KEY", endpoint.key());
    env.put("OPENAI_MODEL", endpoint.model());
    env.put("QWEN_STREAM_IDLE_TIMEOUT_MS", Long.toString(LONGEST_SILENCE.toMillis()));
    return List.of(new Setting.Variables(folders.home().resolve(".qwen/yuntai.env"), env));
  }

  private static List<Setting> opencode(Endpoint endpoint, Client.Folders folders) {
    Map<String, Object> provider = new LinkedHashMap<>();
    provider.put("npm", "@ai-sdk/openai-compatible");
    provider.put("name", "Yuntai");
    Map<String, Object> options = new LinkedHashMap<>();
    options.put("baseURL", endpoint.openAi());
    options.put("apiKey", endpoint.key());
    options.put("timeout", LONGEST_SILENCE.toMillis());
    provider.put("options", options);
    provider.put("models", Map.of(endpoint.model(), Map.of("name", endpoint.model())));
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("$schema", "https://opencode.ai/config.json");
    config.put("provider", Map.of("yuntai", provider));
    config.put("model", "yuntai/" + endpoint.model());
    config.put("small_model", "yuntai/" + endpoint.model());
    return List.of(
        new Setting.File(folders.home().resolve(".config/opencode/yuntai.json"), pretty(config)));
  }

  private static List<Setting> continueDev(Endpoint endpoint, Client.Folders folders) {
    String yaml =
        """
        name: Yuntai
        version: 1.0.0
        schema: v1
        models:
          - name: %1$s
            provider: openai
            model: %1$s
            apiBase: %2$s
            apiKey: %3$s
            roles: [chat, edit, apply]
        """
            .formatted(quoted(endpoint.model()), quoted(endpoint.openAi()), quoted(endpoint.key()));
    return List.of(new Setting.File(folders.home().resolve(".continue/yuntai.yaml"), yaml));
  }

  private static List<Setting> aider(Endpoint endpoint, Client.Folders folders) {
    Map<String, String> env = new LinkedHashMap<>();
    env.put("OPENAI_API_BASE", endpoint.openAi());
    env.put("OPENAI_API_KEY", endpoint.key());
    env.put("AIDER_MODEL", "openai/" + endpoint.model());
    return List.of(new Setting.Variables(environmentFile(folders, "aider"), env));
  }

  private static List<Setting> openWebUi(Endpoint endpoint, Client.Folders folders) {
    Map<String, String> env = new LinkedHashMap<>();
    env.put("OPENAI_API_BASE_URL", endpoint.openAi());
    env.put("OPENAI_API_KEY", endpoint.key());
    return List.of(new Setting.Variables(environmentFile(folders, "open-webui"), env));
  }

  /** Each client has a file of its own, so that several in one folder leave each other alone. */
  private static Path environmentFile(Client.Folders folders, String id) {
    return folders.project().resolve("yuntai-" + id + ".env");
  }

  private static String withEnvironment(String id) {
    return "set -a; . ./yuntai-" + id + ".env; set +a; ";
  }

  /** A library reads its address and key from the environment; its sample does the rest. */
  private static Client library(String id, String title, Api api, String sample) {
    return new Client(
        id,
        title,
        api,
        (endpoint, folders) ->
            List.of(
                new Setting.Variables(
                    environmentFile(folders, id), libraryVariables(api, endpoint)),
                new Setting.Sample(
                    sample, resource(sample).replace("{{model}}", endpoint.model()))),
        withEnvironment(id) + start(sample));
  }

  private static String start(String sample) {
    return switch (sample.substring(sample.lastIndexOf('.') + 1)) {
      case "py" -> "python " + sample;
      case "mjs" -> "node " + sample;
      case "sh" -> "sh " + sample;
      default -> "java -cp 'lib/*' " + sample;
    };
  }

  private static Map<String, String> libraryVariables(Api api, Endpoint endpoint) {
    Map<String, String> env = new LinkedHashMap<>();
    switch (api) {
      case CHAT_COMPLETIONS, RESPONSES -> {
        env.put("OPENAI_BASE_URL", endpoint.openAi());
        env.put("OPENAI_API_KEY", endpoint.key());
      }
      case MESSAGES -> {
        env.put("ANTHROPIC_BASE_URL", endpoint.anthropic());
        env.put("ANTHROPIC_AUTH_TOKEN", endpoint.key());
      }
      case GENERATION -> {
        env.put("DASHSCOPE_HTTP_BASE_URL", endpoint.dashScope());
        env.put("DASHSCOPE_API_KEY", endpoint.key());
      }
    }
    return env;
  }

  /** JSON's strings are TOML's basic strings and YAML's double-quoted ones too. */
  private static String quoted(String text) {
    return JSON.writeValueAsString(text);
  }

  private static String resource(String name) {
    try (InputStream stream = Clients.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException(name + " is missing from the jar");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
