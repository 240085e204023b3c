package io.yuntai.cli.inspect;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.engine.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code yuntai model detokenize}. */
@Command(
    name = "detokenize",
    description = "Read a JSON array of arrays of token ids on stdin, print a JSON array of texts.",
    footerHeading = "%nExamples:%n",
    footer = {"  echo '[[9707,1879]]' | yuntai model detokenize qwen2.5-coder:0.5b"})
final class DetokenizeCommand implements Callable<Integer> {
  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Parameters(paramLabel = "MODEL", description = "Name, path or address of a model.")
  private String model = "";

  @Option(
      names = "--special",
      description = "Spell control tokens out; otherwise they are left out.")
  private boolean special;

  @Option(names = "--json", description = "Print JSON; this command always does.")
  @SuppressWarnings("UnusedVariable") // accepted, as everywhere in 'model'
  private boolean json;

  DetokenizeCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    Tokenizer tokenizer = ModelFiles.tokenizer(ModelFiles.find(context, home, model));
    int[][] sequences = Json.read(ModelFiles.stdin(), int[][].class, "stdin");
    for (int[] sequence : sequences) {
      TokenIds.check(sequence, tokenizer.vocabularySize());
    }
    String[] texts =
        Arrays.stream(sequences).map(ids -> tokenizer.decode(ids, special)).toArray(String[]::new);
    context.screen().result(Json.text(texts));
    return ExitCode.OK.number();
  }

  /** Ids as they come from outside. */
  static final class TokenIds {
    private TokenIds() {}

    static void check(int[] ids, int vocabularySize) {
      for (int i = 0; i < ids.length; i++) {
        if (ids[i] < 0 || ids[i] >= vocabularySize) {
          throw new CommandException(
              ExitCode.USAGE,
              "Token id "
                  + ids[i]
                  + " at index "
                  + i
                  + " is not in the vocabulary, which has "
                  + vocabularySize
                  + " tokens.");
        }
      }
    }
  }
}
