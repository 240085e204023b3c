package io.yuntai.engine.encoder;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.decoder.OutputHead;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.gguf.Metadata;
import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.quant.Dequantizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the file of a decoder says that it gives for a whole text, read from the state behind the
 * text's last token: a vector ({@code pooling_type} 3) or a score (4).
 *
 * <p>A score comes from a classifier ({@code cls.output}, as llama.cpp's conversion of
 * Qwen3-Reranker has it: one row, or rows for "yes" and "no" as {@code classifier.output_labels}
 * name them), else from the logits of the tokens "yes" and "no". A Qwen3-Reranker whose file was
 * made before there was a key for that is known by its name.
 *
 * @param output a vector or a score
 * @param head what a decoder must compute for that
 * @param bias of each of the head's rows; empty where there is none
 */
public record CausalOutput(EncoderOutput output, OutputHead head, float[] bias) {
  private static final float[] NONE = {};
  private static final String CLASSIFIER = "cls.output.weight";
  private static final String QWEN3 = "qwen3";

  /** Qwen3-Embedding's authors name 32 as the fewest dimensions that its vectors are cut to. */
  private static final int QWEN3_MIN_DIMENSIONS = 32;

  /**
   * Reads a file.
   *
   * @return empty for a model that goes on with texts
   * @throws ModelFormatException where it says something that this engine does not do
   */
  public static Optional<CausalOutput> of(GgufFile file) {
    return new Reader(file, file.metadata()).read();
  }

  private record Reader(GgufFile file, Metadata metadata) {
    Optional<CausalOutput> read() {
      int pooling = metadata.findInt(key("pooling_type")).orElse(isOldReranker() ? 4 : 0);
      if (pooling == 0) {
        return Optional.empty();
      }
      if (pooling == Pooling.LAST.id()) {
        return Optional.of(new CausalOutput(vector(), new OutputHead.State(), NONE));
      }
      if (pooling != Pooling.RANK.id()) {
        throw refuse(
            "%s is %d, but of a decoder this engine takes the last token's state (3) or a rank (4) only"
                .formatted(key("pooling_type"), pooling));
      }
      return Optional.of(file.findTensor(CLASSIFIER).isPresent() ? classifier() : yesAndNo());
    }

    private boolean isOldReranker() {
      return architecture().equals(QWEN3)
          && (nameHas("general.name") || nameHas("general.basename"));
    }

    private boolean nameHas(String key) {
      return metadata.findString(key).orElse("").toLowerCase(Locale.ROOT).contains("reranker");
    }

    private EncoderOutput vector() {
      int width = metadata.intValue(key("embedding_length"));
      int usual = architecture().equals(QWEN3) ? Math.min(QWEN3_MIN_DIMENSIONS, width) : width;
      int least = metadata.findInt(EncoderConfig.MIN_DIMENSIONS_KEY).orElse(usual);
      if (least < 1 || least > width) {
        throw refuse(EncoderConfig.MIN_DIMENSIONS_KEY + " is " + least);
      }
      boolean normalized = metadata.findBool(EncoderConfig.NORMALIZE_KEY).orElse(true);
      return new EncoderOutput.Vector(width, least, normalized);
    }

    private CausalOutput classifier() {
      if (file.findTensor("cls.weight").isPresent()) {
        throw refuse("a decoder's classifier of two layers is not supported");
      }
      long rows = file.tensor(CLASSIFIER).rows();
      if (rows != 1 && rows != 2) {
        throw refuse(
            "%s has %d rows; a score is made of one, or of two for yes and no"
                .formatted(CLASSIFIER, rows));
      }
      List<Integer> order = new ArrayList<>(List.of(0));
      if (rows == 2) {
        List<String> labels =
            metadata.findStrings(key("classifier.output_labels")).orElse(List.of("yes", "no"));
        int yes = labels.indexOf("yes");
        if (yes != 0 && yes != 1) {
          throw refuse("%s has no \"yes\"".formatted(key("classifier.output_labels")));
        }
        order = List.of(yes, 1 - yes);
      }
      return score(CLASSIFIER, order, bias(order));
    }

    private float[] bias(List<Integer> order) {
      Optional<TensorInfo> tensor = file.findTensor("cls.output.bias");
      if (tensor.isEmpty()) {
        return NONE;
      }
      int length = order.size();
      if (tensor.get().columns() != length || tensor.get().rows() != 1) {
        throw refuse("cls.output.bias has another length than its weights");
      }
      float[] values = new float[length];
      Dequantizer.dequantize(tensor.get().type(), tensor.get().data(), 0, length, values, 0);
      float[] ordered = new float[length];
      for (int i = 0; i < length; i++) {
        ordered[i] = values[order.get(i)];
      }
      return ordered;
    }

    private CausalOutput yesAndNo() {
      List<String> tokens = metadata.strings("tokenizer.ggml.tokens");
      String tensor =
          file.findTensor("output.weight").isPresent() ? "output.weight" : "token_embd.weight";
      return score(tensor, List.of(token(tokens, "yes"), token(tokens, "no")), NONE);
    }

    private int token(List<String> tokens, String word) {
      int id = tokens.indexOf(word);
      if (id < 0) {
        throw refuse("the vocabulary has no token \"%s\", which a score needs".formatted(word));
      }
      return id;
    }

    private static CausalOutput score(String tensor, List<Integer> rows, float[] bias) {
      return new CausalOutput(new EncoderOutput.Score(), new OutputHead.Rows(tensor, rows), bias);
    }

    private String architecture() {
      return metadata.string("general.architecture");
    }

    private String key(String name) {
      return architecture() + "." + name;
    }

    private ModelFormatException refuse(String complaint) {
      return new ModelFormatException(file.name() + ": " + complaint);
    }
  }
}
