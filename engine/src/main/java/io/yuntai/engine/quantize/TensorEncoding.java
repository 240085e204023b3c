package io.yuntai.engine.quantize;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.gguf.TensorSource;
import io.yuntai.engine.quant.Dequantizer;
import io.yuntai.engine.quant.TensorType;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serial;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * Encodes one tensor in chunks of rows: some of them at once by the workers, written in order as
 * they are ready. Never more than {@code 2 * threads} chunks are under way.
 */
final class TensorEncoding implements TensorSource {
  private static final int CHUNK_ELEMENTS = 1 << 18;
  private static final int COPY_BYTES = 1 << 20;

  private final String model;
  private final SourceTensor tensor;
  private final TensorType type;
  private final ExecutorService workers;
  private final int threads;
  private final long before;
  private final long all;
  private final ModelWriter.Progress progress;
  private final List<QuantizationReport.Written> written;

  /** The writing thread was interrupted. */
  static final class Interrupted extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    Interrupted(InterruptedException cause) {
      super(cause);
    }
  }

  private record Chunk(byte[] bytes, long rows, double squaredError, double squaredSum) {}

  /**
   * @param before elements of the tensors before this one
   * @param all elements of all tensors
   * @param written receives what was written
   */
  TensorEncoding(
      String model,
      SourceTensor tensor,
      TensorType type,
      ExecutorService workers,
      int threads,
      long before,
      long all,
      ModelWriter.Progress progress,
      List<QuantizationReport.Written> written) {
    this.model = model;
    this.tensor = tensor;
    this.type = type;
    this.workers = workers;
    this.threads = threads;
    this.before = before;
    this.all = all;
    this.progress = progress;
    this.written = written;
  }

  @Override
  public void writeTo(OutputStream target) throws IOException {
    if (type == tensor.type() && tensor.bytes() != null) {
      copy(tensor.bytes(), target);
      add(0, 0);
    } else {
      encode(target);
    }
  }

  private void add(double squaredError, double squaredSum) {
    long bytes = type.bytes(tensor.elements());
    written.add(
        new QuantizationReport.Written(
            tensor.name(),
            tensor.type(),
            type,
            tensor.elements(),
            bytes,
            squaredError,
            squaredSum));
  }

  private void copy(MemorySegment bytes, OutputStream target) throws IOException {
    byte[] piece = new byte[(int) Math.min(COPY_BYTES, bytes.byteSize())];
    for (long done = 0; done < bytes.byteSize(); done += piece.length) {
      stopIfInterrupted();
      int length = (int) Math.min(piece.length, bytes.byteSize() - done);
      MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, done, piece, 0, length);
      target.write(piece, 0, length);
      progress.at(
          tensor.name(),
          before + (long) ((double) (done + length) / bytes.byteSize() * tensor.elements()),
          all);
    }
  }

  private static void stopIfInterrupted() {
    if (Thread.interrupted()) {
      throw new Interrupted(new InterruptedException("stopped while copying"));
    }
  }

  private void encode(OutputStream target) throws IOException {
    long rows = tensor.rowCount();
    int chunkRows = (int) Math.clamp(CHUNK_ELEMENTS / tensor.columns(), 1, rows);
    Deque<Future<Chunk>> underWay = new ArrayDeque<>();
    double squaredError = 0;
    double squaredSum = 0;
    long submitted = 0;
    long done = 0;
    try {
      while (done < rows) {
        while (submitted < rows && underWay.size() < 2 * threads) {
          long first = submitted;
          int count = (int) Math.min(chunkRows, rows - first);
          underWay.add(workers.submit(() -> chunk(first, count)));
          submitted += count;
        }
        Chunk chunk = result(underWay.remove());
        target.write(chunk.bytes);
        done += chunk.rows;
        // Always summed in the rows' order, so that a report has the same digits everywhere.
        squaredError += chunk.squaredError;
        squaredSum += chunk.squaredSum;
        progress.at(tensor.name(), before + done * tensor.columns(), all);
      }
    } finally {
      // The source may be unmapped soon: nobody may still read it.
      settle(underWay);
    }
    add(squaredError, squaredSum);
  }

  private static void settle(Deque<Future<Chunk>> underWay) {
    boolean interrupted = false;
    while (!underWay.isEmpty()) {
      try {
        Chunk _ = underWay.getFirst().get();
        underWay.removeFirst();
      } catch (ExecutionException e) {
        underWay.removeFirst(); // The first failure is on its way up already.
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static Chunk result(Future<Chunk> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      throw new Interrupted(e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException thrown -> throw thrown;
        case Error thrown -> throw thrown;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  private Chunk chunk(long first, int rows) {
    int columns = (int) tensor.columns();
    float[] values = new float[rows * columns];
    tensor.rows().read(first, rows, values);
    double squaredSum = 0;
    for (float value : values) {
      squaredSum += (double) value * value;
    }
    if (!Double.isFinite(squaredSum)) {
      throw refuse(
          "has a value that is no number, or infinite, among rows %d to %d; the model is damaged"
              .formatted(first, first + rows - 1));
    }
    byte[] bytes = encoded(values);
    float[] decoded = new float[values.length];
    Dequantizer.dequantize(type, MemorySegment.ofArray(bytes), 0, values.length, decoded, 0);
    double squaredError = 0;
    for (int i = 0; i < values.length; i++) {
      double difference = (double) decoded[i] - values[i];
      squaredError += difference * difference;
    }
    return new Chunk(bytes, rows, squaredError, squaredSum);
  }

  private byte[] encoded(float[] values) {
    BlockEncoder encoder = BlockEncoder.of(type);
    byte[] bytes = new byte[Math.toIntExact(type.bytes(values.length))];
    int block = type.elementsPerBlock();
    int to = 0;
    try {
      for (int from = 0; from < values.length; from += block) {
        encoder.encode(values, from, bytes, to);
        to += type.bytesPerBlock();
      }
    } catch (ArithmeticException e) {
      throw refuse("has values too large for " + type + ": " + e.getMessage());
    }
    return bytes;
  }

  private ModelFormatException refuse(String complaint) {
    return new ModelFormatException(model + ": tensor '" + tensor.name() + "' " + complaint);
  }
}
