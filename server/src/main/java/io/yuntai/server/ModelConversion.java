package io.yuntai.server;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.PhysicalCores;
import io.yuntai.engine.checkpoint.Checkpoint;
import io.yuntai.engine.encoder.BertConversion;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.quantize.ModelWriter;
import io.yuntai.engine.quantize.QuantizationReport;
import io.yuntai.engine.quantize.Recipe;
import io.yuntai.engine.quantize.SourceModel;
import io.yuntai.models.pull.CheckpointConverter;
import io.yuntai.models.transfer.SourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Published checkpoints, and GGUF files that are to be quantised, to files of the store. */
final class ModelConversion implements CheckpointConverter {
  @Override
  public void convert(Work work, Path gguf, Progress progress)
      throws SourceException, IOException, InterruptedException {
    try {
      Optional<Recipe> recipe = Optional.ofNullable(work.recipe()).map(ModelConversion::recipe);
      if (Files.isDirectory(work.source()) && Checkpoint.isBert(work.source())) {
        if (recipe.isPresent()) {
          throw new ModelFormatException("BERT models are small and not quantised");
        }
        BertConversion.convert(work.source(), work.name(), gguf);
        return;
      }
      try (SourceModel model = open(work)) {
        ModelWriter writer =
            new ModelWriter(
                PhysicalCores.count(), false, (tensor, done, all) -> progress.at(done, all));
        QuantizationReport _ = writer.write(model, recipe.orElse(null), gguf);
      }
    } catch (ModelFormatException e) {
      throw new SourceException("it can't be converted: " + e.getMessage(), e);
    }
  }

  private static SourceModel open(Work work) throws IOException {
    return Files.isDirectory(work.source())
        ? Checkpoint.open(work.source(), work.name())
        : SourceModel.of(GgufFile.open(work.source()));
  }

  private static Recipe recipe(String name) {
    return Recipe.find(name)
        .orElseThrow(() ->
            new ModelFormatException(
                "'%s' is no way to quantise; these are: %s".formatted(name, Recipe.all())));
  }
}
