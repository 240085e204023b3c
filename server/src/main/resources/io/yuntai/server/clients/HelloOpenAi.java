import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;

void main() {
  var client = OpenAIOkHttpClient.fromEnv();
  var question =
      ChatCompletionCreateParams.builder()
          .model("{{model}}")
          .addUserMessage("Say hello in five words.")
          .build();
  client.chat().completions().create(question).choices().stream()
      .flatMap(choice -> choice.message().content().stream())
      .forEach(IO::println);
}
