package io.yuntai.cli.inspect;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.engine.ChatPrompt;
import io.yuntai.engine.PromptEncoder;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.template.ChatTemplate;
import io.yuntai.engine.template.JinjaTemplate;
import io.yuntai.engine.tokenizer.Tokenizer;
import io.yuntai.engine.tokenizer.Vocabulary;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code yuntai model render}. */
@Command(
    name = "render",
    description = {
      "Render a conversation with a chat template: a Jinja file's, or a model's own.",
      "stdin: {\"messages\":[...],\"tools\":[...],\"add_generation_prompt\":true,\"variables\":{...}}"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  echo '{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}' | yuntai model render qwen2.5-coder:0.5b"
    })
final class RenderCommand implements Callable<Integer> {
  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Parameters(paramLabel = "TEMPLATE|MODEL", description = "A Jinja file, or a model.")
  private String source = "";

  @Option(names = "--json", description = "Print {\"text\"} instead of the text alone.")
  private boolean json;

  RenderCommand(CliContext context) {
    this.context = context;
  }

  /**
   * What stdin holds.
   *
   * @param add_generation_prompt as the templates themselves call it
   */
  record Input(
      @Nullable List<Map<String, Object>> messages,
      @Nullable List<Map<String, Object>> tools,
      @Nullable Boolean add_generation_prompt,
      @Nullable Map<String, Object> variables) {}

  @Override
  public Integer call() throws InterruptedException {
    Input input = Json.read(ModelFiles.stdin(), Input.class, "stdin");
    Optional<Path> template = templateFile();
    String text = template.isPresent() ? byFile(template.get(), input) : byModel(input);
    if (json) {
      context.screen().result(Json.text(Map.of("text", text)));
    } else {
      PrintStream out = context.screen().out();
      out.print(text);
      out.flush();
    }
    return ExitCode.OK.number();
  }

  private Optional<Path> templateFile() {
    try {
      Path path = Path.of(source);
      return source.toLowerCase(Locale.ROOT).endsWith(".gguf") || !Files.isRegularFile(path)
          ? Optional.empty()
          : Optional.of(path);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static String byFile(Path file, Input input) {
    Map<String, Object> variables = new LinkedHashMap<>();
    variables.put("messages", messages(input));
    List<Map<String, Object>> tools = input.tools();
    if (tools != null) {
      variables.put("tools", tools);
    }
    variables.put("add_generation_prompt", Boolean.TRUE.equals(input.add_generation_prompt()));
    variables.putAll(variables(input));
    return JinjaTemplate.compile(ModelFiles.read(file)).render(variables);
  }

  private String byModel(Input input) throws InterruptedException {
    Path file = ModelFiles.find(context, home, source);
    try (GgufFile gguf = ModelFiles.open(file)) {
      Optional<ChatTemplate> template =
          gguf.metadata().findString("tokenizer.chat_template").map(JinjaTemplate::compile);
      Tokenizer tokenizer = Tokenizer.of(Vocabulary.of(gguf.metadata()));
      List<Map<String, Object>> tools = input.tools();
      return new PromptEncoder(tokenizer, template)
          .render(
              new ChatPrompt(
                  messages(input),
                  tools == null ? List.of() : tools,
                  Boolean.TRUE.equals(input.add_generation_prompt()),
                  variables(input)));
    }
  }

  private static List<Map<String, Object>> messages(Input input) {
    List<Map<String, Object>> messages = input.messages();
    if (messages == null) {
      throw new CommandException(ExitCode.USAGE, "stdin has no \"messages\".");
    }
    return messages;
  }

  private static Map<String, Object> variables(Input input) {
    Map<String, Object> variables = input.variables();
    return variables == null ? Map.of() : variables;
  }
}
