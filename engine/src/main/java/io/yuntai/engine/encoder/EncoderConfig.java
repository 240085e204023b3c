package io.yuntai.engine.encoder;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.gguf.Metadata;

/**
 * The shape of an encoder.
 *
 * @param layers number of layers
 * @param width embedding length
 * @param heads heads of a layer; divides {@code width}
 * @param feedForwardLength inner length of the feed-forward network
 * @param contextTokens positions that the model knows
 * @param vocabularySize number of token ids
 * @param segments how many texts of a sequence it tells apart; 1 or 2
 * @param epsilon added to the variance in normalisations
 * @param pooling how tokens become one result
 * @param minDimensions see {@link EncoderOutput.Vector}
 * @param normalized likewise
 */
record EncoderConfig(
    int layers,
    int width,
    int heads,
    int feedForwardLength,
    int contextTokens,
    int vocabularySize,
    int segments,
    float epsilon,
    Pooling pooling,
    int minDimensions,
    boolean normalized) {
  /** The one architecture of encoders that this engine runs. */
  static final String BERT = "bert";

  /**
   * Whether vectors are to have length 1: our own key, since GGUF has none. Where it is missing
   * they are, as in every tool that runs such files.
   */
  static final String NORMALIZE_KEY = "yuntai.embedding.normalize";

  /** Our own key: see {@link EncoderOutput.Vector#minDimensions}. */
  static final String MIN_DIMENSIONS_KEY = "yuntai.embedding.min_dimensions";

  private static final int MAX_LAYERS = 1024;
  private static final int MAX_WIDTH = 1 << 16;
  private static final int MAX_HEADS = 1024;
  private static final int MAX_CONTEXT = 1 << 20;

  int headLength() {
    return width / heads;
  }

  EncoderOutput output() {
    return pooling == Pooling.RANK
        ? new EncoderOutput.Score()
        : new EncoderOutput.Vector(width, minDimensions, normalized);
  }

  /**
   * Reads a file's metadata.
   *
   * @throws ModelFormatException where it lacks something, is out of range or asks for what this
   *     engine does not do
   */
  static EncoderConfig of(GgufFile file) {
    return new Reader(file).read();
  }

  private record Reader(GgufFile file) {
    private EncoderConfig read() {
      int width = number("embedding_length", MAX_WIDTH);
      int heads = number("attention.head_count", MAX_HEADS);
      check(width % heads == 0, key("embedding_length") + " is no multiple of the heads");
      check(
          !metadata().findBool(key("attention.causal")).orElse(false),
          key("attention.causal") + " is true, which is not supported");
      long segments = file.findTensor("token_types.weight").map(types -> types.rows()).orElse(1L);
      check(segments >= 1 && segments <= 2, "token_types.weight has " + segments + " rows");
      int context = number("context_length", MAX_CONTEXT);
      long positions = file.tensor("position_embd.weight").rows();
      long words = file.tensor("token_embd.weight").rows();
      check(words >= 1 && words <= 1 << 24, "token_embd.weight has " + words + " rows");
      return new EncoderConfig(
          number("block_count", MAX_LAYERS),
          width,
          heads,
          number("feed_forward_length", MAX_WIDTH),
          (int) Math.min(context, positions),
          (int) words,
          (int) segments,
          epsilon(),
          pooling(),
          minDimensions(width),
          metadata().findBool(NORMALIZE_KEY).orElse(true));
    }

    private Pooling pooling() {
      int id = metadata().findInt(key("pooling_type")).orElse(Pooling.MEAN.id());
      for (Pooling pooling : Pooling.values()) {
        if (pooling.id() == id) {
          return pooling;
        }
      }
      throw new ModelFormatException(
          "%s: %s is %d, which gives no one vector for a text; this engine knows 1 (mean), 2 (first token), 3 (last token) and 4 (rank)"
              .formatted(file.name(), key("pooling_type"), id));
    }

    private int minDimensions(int width) {
      int least = metadata().findInt(MIN_DIMENSIONS_KEY).orElse(width);
      check(least >= 1 && least <= width, MIN_DIMENSIONS_KEY + " is " + least);
      return least;
    }

    private float epsilon() {
      String key = key("attention.layer_norm_epsilon");
      float epsilon = metadata().floatValue(key);
      check(epsilon >= 0 && epsilon < 1, key + " is " + epsilon);
      return epsilon;
    }

    private int number(String name, int max) {
      int value = metadata().intValue(key(name));
      check(
          value >= 1 && value <= max,
          "%s is %d, not between 1 and %d".formatted(key(name), value, max));
      return value;
    }

    private Metadata metadata() {
      return file.metadata();
    }

    private static String key(String name) {
      return BERT + "." + name;
    }

    private void check(boolean condition, String complaint) {
      if (!condition) {
        throw new ModelFormatException(file.name() + ": " + complaint);
      }
    }
  }
}
