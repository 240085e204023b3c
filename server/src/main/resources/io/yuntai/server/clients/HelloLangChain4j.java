import dev.langchain4j.model.openai.OpenAiChatModel;

void main() {
  var model =
      OpenAiChatModel.builder()
          .baseUrl(System.getenv("OPENAI_BASE_URL"))
          .apiKey(System.getenv("OPENAI_API_KEY"))
          .modelName("{{model}}")
          .build();
  IO.println(model.chat("Say hello in five words."));
}
