package io.yuntai.acceptance;

import io.yuntai.engine.PromptEncoder;
import io.yuntai.engine.encoder.BertConversion;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.gguf.Metadata;
import io.yuntai.engine.template.JinjaTemplate;
import io.yuntai.engine.tokenizer.Tokenizer;
import io.yuntai.engine.tokenizer.Vocabulary;
import io.yuntai.models.catalog.Catalog;
import io.yuntai.models.catalog.ModelReference;
import io.yuntai.models.pull.PullEvent;
import io.yuntai.models.pull.Puller;
import io.yuntai.models.store.ModelStore;
import io.yuntai.models.store.StoredModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The real models of the tests, pulled as users pull them into a home that outlives a build; about
 * 600 MB the first time. Builds at once are safe: the store has its own locks.
 */
public final class RealModels {
  public static final String QWEN = "qwen2.5-coder:0.5b";
  public static final String SMOLLM2 = "smollm2:135m";

  /** Only for pictures: 1.1 GB more. */
  public static final String QWEN_LARGER = "qwen2.5-coder:1.5b";

  static final String MINILM = "all-minilm:l6-v2";

  /** The checkout's root, as the build tells it. */
  static final Path ROOT = Path.of(System.getProperty("yuntai.root")).toAbsolutePath().normalize();

  private static final Path HOME = ROOT.resolve("target/acceptance-home");

  private RealModels() {}

  /** The model's file; pulled if it is not here yet. */
  static Path file(String name) throws InterruptedException {
    return pull(name).file();
  }

  private static StoredModel pull(String name) throws InterruptedException {
    Catalog catalog = Catalog.load();
    Puller puller =
        new Puller(
            new ModelStore(HOME, catalog),
            catalog,
            System.getenv(),
            (work, gguf, _) -> BertConversion.convert(work.source(), work.name(), gguf));
    return puller.pull(ModelReference.parse(name), RealModels::print);
  }

  private static void print(PullEvent event) {
    if (!(event instanceof PullEvent.Progress)) {
      System.out.println(event);
    }
  }

  /** What turns prompts for a model into its tokens; without its weights. */
  static PromptEncoder prompts(String name) throws IOException, InterruptedException {
    try (GgufFile file = GgufFile.open(file(name))) {
      return new PromptEncoder(
          tokenizer(file.metadata()),
          file.metadata().findString("tokenizer.chat_template").map(JinjaTemplate::compile));
    }
  }

  /** A model's tokenizer; without its weights. */
  static Tokenizer tokenizer(String name) throws IOException, InterruptedException {
    try (GgufFile file = GgufFile.open(file(name))) {
      return tokenizer(file.metadata());
    }
  }

  private static Tokenizer tokenizer(Metadata metadata) {
    return Tokenizer.of(Vocabulary.of(metadata));
  }

  /** Makes models part of another home as if they had been pulled there, without copying bytes. */
  static void share(Path home, String... names) throws IOException, InterruptedException {
    for (String name : names) {
      Path folder = file(name).resolveSibling("");
      Path copy = Files.createDirectories(home.resolve("models").resolve(folder.getFileName()));
      for (Path each : filesOf(folder)) {
        Files.createLink(copy.resolve(each.getFileName()), each);
      }
    }
  }

  private static List<Path> filesOf(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
