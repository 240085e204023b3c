package io.yuntai.cli.inspect;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.models.LocalModels;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.tokenizer.Tokenizer;
import io.yuntai.engine.tokenizer.Vocabulary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files and stdin, as these tools read them. */
final class ModelFiles {
  private static final int INPUT_BYTES_MAX = 256 << 20;

  private ModelFiles() {}

  /** The file of a model that is named in any way; pulled if it is not here. */
  static Path find(CliContext context, HomeOption home, String model) throws InterruptedException {
    return new LocalModels(context, home.directory(context.environment())).findOrPull(model).file();
  }

  /** Opens a file's header. */
  static GgufFile open(Path file) {
    try {
      return GgufFile.open(file);
    } catch (IOException e) {
      throw new ModelFormatException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** The tokenizer of a file, which may hold nothing else. */
  static Tokenizer tokenizer(Path file) {
    try (GgufFile gguf = open(file)) {
      if (gguf.metadata().find("tokenizer.ggml.model").isEmpty()) {
        throw new CommandException(
            ExitCode.FAILED, file + " has no vocabulary, so it takes token ids only.");
      }
      return Tokenizer.of(Vocabulary.of(gguf.metadata()));
    }
  }

  /** All of stdin, as UTF-8. */
  static String stdin() {
    try {
      return text(System.in.readNBytes(INPUT_BYTES_MAX + 1), "stdin");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A text file, as UTF-8. */
  static String read(Path file) {
    try {
      if (Files.size(file) > INPUT_BYTES_MAX) {
        throw tooLong(file.toString());
      }
      return text(Files.readAllBytes(file), file.toString());
    } catch (IOException e) {
      throw new CommandException(ExitCode.FAILED, file + " cannot be read: " + e, e);
    }
  }

  private static String text(byte[] bytes, String what) {
    if (bytes.length > INPUT_BYTES_MAX) {
      throw tooLong(what);
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static CommandException tooLong(String what) {
    return new CommandException(
        ExitCode.USAGE, what + " is longer than " + INPUT_BYTES_MAX + " bytes.");
  }
}
