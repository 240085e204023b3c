package io.yuntai.cli.models;

import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.engine.quantize.Recipe;
import io.yuntai.models.catalog.ModelReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --quantize}, which every command has that brings models here. */
public final class QuantizeOption {
  @Option(
      names = "--quantize",
      paramLabel = "TYPE",
      description =
          "Quantise a checkpoint, or a GGUF file in F32, F16 or BF16, once and keep the result: q8_0, q6_k, q5_k_m, q4_k_m, q4_0 and others that 'model quantize' has.")
  private @Nullable String type;

  /**
   * The model to bring here for one that the user named.
   *
   * @throws CommandException for a type that is not known
   */
  public String apply(String model) {
    return apply(ModelReference.parse(model)).text();
  }

  /** The same for a reference. */
  public ModelReference apply(ModelReference reference) {
    if (type == null || reference instanceof ModelReference.Quantized) {
      return reference;
    }
    return new ModelReference.Quantized(reference, recipe(type).text());
  }

  /**
   * The recipe of a name.
   *
   * @throws CommandException if there is none
   */
  public static Recipe recipe(String name) {
    return Recipe.find(name)
        .orElseThrow(() ->
            new CommandException(
                ExitCode.USAGE,
                "'%s' is no type to quantise to; these are: %s.".formatted(name, Recipe.all())));
  }
}
