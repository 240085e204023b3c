package io.yuntai.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.LoadedModel;
import io.yuntai.engine.kernel.KvCache;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tiny random F32 models, judged by the logits and greedy continuations that llama.cpp computed for
 * them.
 */
class TinyModelTest {
  private static final double BOUND = 2e-4;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama",
        "llama31",
        "qwen2",
        "qwen3",
        "qwen2moe",
        "qwen3moe",
        "deepseek2",
        "deepseek-v3",
        "gemma3"
      })
  void logitsAreWithinTheBoundAndGreedyIdsEqual(String name) {
    JsonNode expected = json(name);
    int[] tokens = ints(expected.get("tokens"));
    int[] rows = ints(expected.get("rows"));
    int[] greedy = ints(expected.get("greedy"));
    try (Decoder decoder = open(name)) {
      float[] reference = floats(expected.get("logits").stringValue());
      Sequence sequence = new Sequence(decoder, 0);
      float[][] logits = sequence.append(tokens);
      int size = decoder.vocabularySize();
      for (int i = 0; i < rows.length; i++) {
        float[] row = Arrays.copyOfRange(reference, i * size, (i + 1) * size);
        assertThat(farthest(logits[rows[i]], row))
            .as("row %d", rows[i])
            .isLessThan(BOUND * range(row));
      }
      int[] chosen = new int[greedy.length];
      float[] last = logits[tokens.length - 1];
      for (int i = 0; i < greedy.length; i++) {
        chosen[i] = argMax(last);
        last = sequence.append(chosen[i])[0];
      }
      assertThat(chosen).isEqualTo(greedy);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama",
        "llama31",
        "qwen2",
        "qwen3",
        "qwen2moe",
        "qwen3moe",
        "deepseek2",
        "deepseek-v3",
        "gemma3"
      })
  void everyChunkingGivesTheSameBits(String name) {
    int[] tokens = ints(json(name).get("tokens"));
    try (Decoder decoder = open(name)) {
      float[][] whole = new Sequence(decoder, 0).append(tokens);
      for (int chunk : new int[] {1, 2, 3, 7, 8, 9, 16, 31}) {
        float[][] chunked = new Sequence(decoder, 0).appendChunked(tokens, chunk);
        assertThat(chunked).as("chunks of %d", chunk).isDeepEqualTo(whole);
      }
    }
  }

  private static Decoder open(String name) {
    return LoadedModel.open(
            resource(name.equals("gemma3") ? "gemma3-00001-of-00002.gguf" : name + ".gguf"),
            new LoadOptions(0, 0, KvCache.Format.F32, 2))
        .decoder();
  }

  private static Path resource(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(
                  TinyModelTest.class.getResource("/io/yuntai/engine/models/" + name))
              .toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode json(String name) {
    try (InputStream in = resource(name + ".json").toUri().toURL().openStream()) {
      return JsonMapper.shared().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int[] ints(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
  }

  private static float[] floats(String base64) {
    ByteBuffer bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[bytes.remaining() / 4];
    bytes.asFloatBuffer().get(values);
    return values;
  }

  private static double farthest(float[] a, float[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> Math.abs(a[i] - b[i])).max().orElseThrow();
  }

  private static double range(float[] values) {
    double min = IntStream.range(0, values.length).mapToDouble(i -> values[i]).min().orElseThrow();
    double max = IntStream.range(0, values.length).mapToDouble(i -> values[i]).max().orElseThrow();
    return max - min;
  }

  private static int argMax(float[] row) {
    int best = 0;
    for (int i = 1; i < row.length; i++) {
      best = row[i] > row[best] ? i : best;
    }
    return best;
  }
}
