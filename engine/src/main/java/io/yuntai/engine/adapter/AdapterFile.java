package io.yuntai.engine.adapter;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.gguf.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A low-rank adapter's mapped file: for some matrices W of a model two small ones, A and B, and a
 * factor s, so that {@code W x} becomes {@code W x + B (s A x)}.
 */
public final class AdapterFile implements AutoCloseable {
  /** Most rows of a matrix A; published adapters have 4 to 512. */
  public static final int MAX_RANK = 1024;

  /** How matrices are called, and in which order rows of queries and keys stand. */
  public enum Convention {
    /** As in GGUF files: {@code blk.0.attn_q}. */
    GGUF,
    /**
     * As in published checkpoints: {@code model.layers.0.self_attn.q_proj}; see {@link
     * io.yuntai.engine.checkpoint}.
     */
    CHECKPOINT
  }

  /**
   * What is added to one matrix.
   *
   * @param matrix the matrix's name by the file's convention, without {@code .weight}
   * @param down A: as many columns as the matrix, a row for each rank
   * @param up B: a column for each rank, as many rows as the matrix
   * @param scale s
   */
  public record Delta(String matrix, TensorInfo down, TensorInfo up, float scale) {
    /** Rows of A and columns of B. */
    public int rank() {
      return Math.toIntExact(down.rows());
    }

    /** Checks that A and B have one rank, within bounds, and that the factor is a number. */
    Delta check(String file) {
      // Some writers leave a last dimension of 1 out.
      require(file, down, down.shape().size() <= 2, "is no matrix");
      require(file, up, up.shape().size() == 2, "is no matrix");
      long rank = down.rows();
      require(
          file,
          down,
          rank <= MAX_RANK,
          "has the rank %,d; at most %,d is supported".formatted(rank, MAX_RANK));
      require(
          file,
          up,
          up.columns() == rank,
          "has %,d columns, but %s has %,d rows".formatted(up.columns(), down.name(), rank));
      if (!Float.isFinite(scale)) {
        throw new ModelFormatException(
            "%s: what is added to %s has the factor %s".formatted(file, matrix, scale));
      }
      return this;
    }

    private static void require(String file, TensorInfo tensor, boolean holds, String otherwise) {
      if (!holds) {
        throw new ModelFormatException(
            "%s: tensor %s %s".formatted(file, tensor.name(), otherwise));
      }
    }
  }

  private final String name;
  private final Optional<String> architecture;
  private final Convention convention;
  private final List<Delta> deltas;
  private final AutoCloseable mapped;

  AdapterFile(
      String name,
      Optional<String> architecture,
      Convention convention,
      List<Delta> deltas,
      AutoCloseable mapped) {
    this.name = name;
    this.architecture = architecture;
    this.convention = convention;
    this.deltas = List.copyOf(deltas);
    this.mapped = mapped;
  }

  /**
   * Maps an adapter and checks what its file says.
   *
   * @param path a GGUF file; or a folder with {@code adapter_config.json} and {@code
   *     adapter_model.safetensors}, or one of these two
   * @throws ModelFormatException where it is no adapter that this engine runs; the message starts
   *     with the file's name
   * @throws IOException where it cannot be read at all
   */
  public static AdapterFile open(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
    String file = String.valueOf(path.getFileName());
    if (Files.isDirectory(path)) {
      return PeftReader.open(path);
    }
    if (file.equals(PeftReader.CONFIG) || file.equals(PeftReader.WEIGHTS)) {
      Path folder = path.toAbsolutePath().getParent();
      return PeftReader.open(folder == null ? path : folder);
    }
    if (file.endsWith(".safetensors") || file.endsWith(".bin")) {
      throw new ModelFormatException(
          "%s: give the folder that holds %s and %s"
              .formatted(file, PeftReader.CONFIG, PeftReader.WEIGHTS));
    }
    return GgufAdapterReader.open(path);
  }

  /** The file's name, or its folder's. */
  public String name() {
    return name;
  }

  /** The architecture of the model that it was made for, where the file says so. */
  public Optional<String> architecture() {
    return architecture;
  }

  /** How matrices are called and ordered. */
  public Convention convention() {
    return convention;
  }

  /** What is added, at least one, each to another matrix. */
  public List<Delta> deltas() {
    return deltas;
  }

  @Override
  public void close() {
    try {
      mapped.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e); // a mapping's end throws nothing checked
    }
  }
}
