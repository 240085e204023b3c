package io.yuntai.cli.doctor;

import io.yuntai.cli.terminal.Units;
import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.MemoryForecast;
import io.yuntai.engine.NotEnoughMemoryException;
import io.yuntai.engine.WeightsOnDisk;
import java.nio.file.Path;
import java.util.Optional;

/** The memory that a model will take. */
final class ModelMemory {
  private ModelMemory() {}

  static Finding look(Path model, LoadOptions options) {
    MemoryForecast forecast = MemoryForecast.of(model, options);
    String text =
        "%s for a context of %,d tokens: weights %s, keys and values %s as %s, work %s, program %s"
            .formatted(
                Units.bytes(forecast.totalBytes()),
                forecast.contextTokens(),
                Units.bytes(forecast.weightBytes()),
                Units.bytes(forecast.kvBytes()),
                options.kvFormat().label(),
                Units.bytes(forecast.workBytes()),
                Units.bytes(forecast.processBytes()));
    try {
      Optional<WeightsOnDisk> onDisk = WeightsOnDisk.forecast(model, options);
      if (onDisk.isPresent()) {
        return Finding.warning(
            "model",
            text + "; " + onDisk.get().sentence(),
            "take a smaller model, or stop other programs");
      }
    } catch (NotEnoughMemoryException e) {
      return Finding.problem(
          "model",
          text,
          "more than is available: take a smaller model, a shorter --context or --kv-cache q8_0");
    }
    return Finding.ok("model", text);
  }
}
