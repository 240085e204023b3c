package io.yuntai.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bench/run make-model}. */
@Command(
    name = "make-model",
    description =
        "Write a model of random weights in the shape of DeepSeek-V3, about 1 GB, that llama.cpp loads too: for speed, not for sense.")
final class MakeModelCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "The GGUF file to write.")
  private Path file = Path.of("");

  @Option(
      names = "--layers",
      defaultValue = "8",
      description = "Layers, the first of them dense (default: 8).")
  private int layers;

  @Option(names = "--experts", defaultValue = "64", description = "Of each layer (default: 64).")
  private int experts;

  @Option(names = "--seed", defaultValue = "1", description = "Of the weights (default: 1).")
  private long seed;

  @Override
  public Integer call() throws Exception {
    if (layers < 2 || experts < 16 || experts % 8 != 0) {
      throw new BenchException("take 2 layers or more, and 16 experts or more in groups of 8");
    }
    new RandomDeepSeek(layers, experts, seed).writer().write(file);
    System.out.printf("%s: %,d bytes%n", file, Files.size(file));
    return 0;
  }
}
