package io.yuntai.engine.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.LoadedModel;
import io.yuntai.engine.decoder.Decoder;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DecoderSpeedTest {
  private static final Path MODEL =
      Path.of("src/test/resources/io/yuntai/engine/models/qwen2.gguf");

  private final Decoder decoder =
      LoadedModel.open(MODEL, new LoadOptions(96, 192, LoadOptions.DEFAULTS.kvFormat(), 2))
          .decoder();
  private final DecoderSpeed speed = new DecoderSpeed(decoder);

  @AfterEach
  void close() {
    decoder.close();
  }

  @Test
  void eachPhaseRunsAtTheLimitsOfContextAndPool() {
    assertThat(speed.prefill(96)).isPositive();
    assertThat(speed.decode(6, 30, 2)).isPositive();
    speed.fill(90);
    assertThat(speed.decodeAt(90, 6)).isPositive();
  }

  @Test
  void whatDoesNotFitIsSaidInASentence() {
    assertThat(speed.obstacle(1, 97)).contains("97 tokens", "context of 96");
    assertThat(speed.obstacle(7, 32)).contains("7 streams", "7 KV blocks", "holds 6");
    assertThat(speed.obstacle(6, 32)).isEmpty();
    assertThatIllegalArgumentException().isThrownBy(() -> speed.decode(7, 30, 2));
  }

  @Test
  void theFirstOfTheGreatestIsTaken() {
    float[] logits = new float[61];
    logits[17] = 2;
    logits[60] = 2;
    assertThat(ArgMax.of(logits)).isEqualTo(17);
    logits[60] = 3;
    assertThat(ArgMax.of(logits)).isEqualTo(60);
  }
}
