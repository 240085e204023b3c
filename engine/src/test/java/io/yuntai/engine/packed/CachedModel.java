package io.yuntai.engine.packed;

import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.LoadedModel;
import io.yuntai.engine.TinyModelFile;
import io.yuntai.engine.gguf.GgufWriter;
import io.yuntai.engine.kernel.KvCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** A model whose packed weights take several chunks, and a process that writes them for ever. */
final class CachedModel {
  private static final int VOCABULARY = 12_000;

  private CachedModel() {}

  /** Writes the model's file; files of all seeds have the same size and the same header. */
  static Path write(Path file, long seed) throws IOException {
    TinyModelFile model = new TinyModelFile();
    model.tensors.put("token_embd.weight", new long[] {TinyModelFile.WIDTH, VOCABULARY});
    GgufWriter writer = new GgufWriter();
    model.metadata.forEach(writer::put);
    Random random = new Random(seed);
    model.tensors.forEach((name, shape) -> {
      float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      writer.tensor(name, Arrays.stream(shape).boxed().toList(), values);
    });
    writer.write(file);
    return file;
  }

  /** Writes the packed weights of a model into a folder until it is killed. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[1]);
    LoadOptions options = new LoadOptions(0, 0, KvCache.Format.F32, 1).keepingPacked(folder);
    boolean told = false;
    while (true) {
      LoadedModel.open(Path.of(arguments[0]), options).decoder().close();
      Files.deleteIfExists(PackedCache.path(folder));
      if (!told) {
        System.out.println("writing");
        told = true;
      }
    }
  }
}
