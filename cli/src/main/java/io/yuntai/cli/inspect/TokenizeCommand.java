package io.yuntai.cli.inspect;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.engine.tokenizer.Tokenizer;
import io.yuntai.engine.tokenizer.Tokenizer.SpecialTokens;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code yuntai model tokenize}. */
@Command(
    name = "tokenize",
    description = "Read a JSON array of texts on stdin, print a JSON array of arrays of token ids.",
    footerHeading = "%nExamples:%n",
    footer = {"  echo '[\"Hello\",\"world\"]' | yuntai model tokenize qwen2.5-coder:0.5b"})
final class TokenizeCommand implements Callable<Integer> {
  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Parameters(paramLabel = "MODEL", description = "Name, path or address of a model.")
  private String model = "";

  @Option(names = "--special", description = "Read spellings of control tokens as those tokens.")
  private boolean special;

  @Option(
      names = "--bos",
      description = "Begin each text with the model's beginning-of-sequence token, if it has one.")
  private boolean bos;

  @Option(names = "--json", description = "Print JSON; this command always does.")
  @SuppressWarnings("UnusedVariable") // accepted, as everywhere in 'model'
  private boolean json;

  TokenizeCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    Tokenizer tokenizer = ModelFiles.tokenizer(ModelFiles.find(context, home, model));
    String[] texts = Json.read(ModelFiles.stdin(), String[].class, "stdin");
    int[][] ids = Arrays.stream(texts).map(text -> encode(tokenizer, text)).toArray(int[][]::new);
    context.screen().result(Json.text(ids));
    return ExitCode.OK.number();
  }

  private int[] encode(Tokenizer tokenizer, String text) {
    int[] ids = tokenizer.encode(text, special ? SpecialTokens.PARSE : SpecialTokens.AS_TEXT);
    if (!bos || tokenizer.beginOfSequence() < 0) {
      return ids;
    }
    int[] begun = new int[ids.length + 1];
    begun[0] = tokenizer.beginOfSequence();
    System.arraycopy(ids, 0, begun, 1, ids.length);
    return begun;
  }
}
