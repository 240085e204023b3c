package io.yuntai.engine.checkpoint;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.gguf.MetadataValue;
import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.quant.TensorType;
import io.yuntai.engine.quantize.SourceModel;
import io.yuntai.engine.quantize.SourceTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A folder with a model as its authors publish it, seen as a GGUF file's metadata and tensors.
 *
 * <p>Read are {@code config.json}, {@code model.safetensors} or what {@code
 * model.safetensors.index.json} lists, and, where they are there, {@code tokenizer.json}, {@code
 * tokenizer_config.json}, {@code generation_config.json} and {@code chat_template.jinja}. The same
 * files always give the same model.
 */
public final class Checkpoint {
  static final String CONFIG = "config.json";
  private static final long MAX_CONFIG_BYTES = 4 << 20;
  private static final String BERT = "bert";

  private Checkpoint() {}

  /** Whether a path is a folder with a checkpoint's settings. */
  public static boolean isAt(Path path) {
    return Files.isRegularFile(path.resolve(CONFIG));
  }

  /**
   * Whether a checkpoint is a BERT model, which {@link io.yuntai.engine.encoder.BertConversion}
   * converts.
   *
   * @throws ModelFormatException if its settings are missing or damaged
   */
  public static boolean isBert(Path folder) throws IOException {
    return BERT.equals(config(folder).text("model_type").orElse(""));
  }

  /**
   * Opens a checkpoint; its files stay mapped until the result is closed.
   *
   * @param name what the model is called ({@code general.name})
   * @throws ModelFormatException for files that are missing, damaged, or of a model that this
   *     engine does not run; the message names the file, and the setting or tensor
   * @throws IOException when a file can't be read
   */
  public static SourceModel open(Path folder, String name) throws IOException {
    Fields outer = config(folder);
    String type = outer.text("model_type").orElseThrow(() -> outer.refuse("model_type is missing"));
    Family family =
        Families.of(type)
            .orElseThrow(() ->
                outer.refuse(
                    "model_type '%s' can't be converted; these can: %s"
                        .formatted(type, Families.all())));
    if (outer.has("quantization_config")) {
      throw outer.refuse(
          "the weights are quantised already (quantization_config), which is not read; use the checkpoint in BF16, F16 or F32");
    }
    // A model that also sees keeps its text model's settings in an object of their own.
    Fields config = outer.object("text_config").orElse(outer);
    Description description = new Description(family.architecture());
    description.put("general.architecture", MetadataValue.text(family.architecture()));
    description.put("general.type", MetadataValue.text("model"));
    description.put("general.name", MetadataValue.text(name));
    family.describe(config, description);
    WeightFiles weights = WeightFiles.open(folder);
    try {
      return model(folder, name, family, config, description, weights);
    } catch (IOException | RuntimeException e) {
      weights.close();
      throw e;
    }
  }

  private static SourceModel model(
      Path folder,
      String name,
      Family family,
      Fields config,
      Description description,
      WeightFiles weights)
      throws IOException {
    Map<String, TensorInfo> published = weights.tensors();
    List<SourceTensor> tensors = new ArrayList<>(description.tensors());
    tensors.addAll(new TensorMapping(family, config).map(published));
    SourceTensor embeddings =
        tensors.stream()
            .filter(tensor -> tensor.name().equals("token_embd.weight"))
            .findFirst()
            .orElseThrow(() ->
                new ModelFormatException("The model's weights: model.embed_tokens is missing"));
    description.put("general.file_type", MetadataValue.uint32(fileType(embeddings.type())));
    description.number("vocab_size", embeddings.rowCount());
    TokenizerFiles.describe(folder, Math.toIntExact(embeddings.rowCount()), description);
    return new SourceModel(name, description.metadata(), tensors, weights);
  }

  private static int fileType(TensorType type) {
    return switch (type) {
      case F16 -> 1;
      case BF16 -> 32;
      default -> 0;
    };
  }

  private static Fields config(Path folder) throws IOException {
    return Fields.read(folder, CONFIG, MAX_CONFIG_BYTES)
        .orElseThrow(() ->
            new ModelFormatException(
                "There is no %s in %s, so it is no model's folder".formatted(CONFIG, folder)));
  }
}
