import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.messages.MessageCreateParams;

void main() {
  var client = AnthropicOkHttpClient.fromEnv();
  var question =
      MessageCreateParams.builder()
          .model("{{model}}")
          .maxTokens(64)
          .addUserMessage("Say hello in five words.")
          .build();
  client.messages().create(question).content().stream()
      .flatMap(block -> block.text().stream())
      .forEach(block -> IO.println(block.text()));
}
