package io.yuntai.engine.decoder;

import io.yuntai.engine.kernel.Activations;
import io.yuntai.engine.kernel.KernelScratch;
import io.yuntai.engine.kernel.Kernels;
import io.yuntai.engine.kernel.PackedMatrix;
import io.yuntai.engine.kernel.WorkerTeam;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Matrix products that don't need each other, taken together: added one by one, then run. */
final class Products {
  /**
   * Parts that a worker's share is cut into, so that another can take some over. More cost more
   * calls, and a stream of weights that stops and starts.
   */
  private static final int PARTS_PER_WORKER = 4;

  private static final int MAX_PART_TILES = 16;

  /**
   * Most tokens times tiles of a part. Workers wait for the last part, and 16 tiles of 256 tokens
   * take a millisecond.
   */
  private static final int MAX_PART = 256;

  /**
   * Inputs of more bytes don't stay in a core's second cache. Then so many tiles share what is
   * fetched of them, though workers may wait a little longer for the last part.
   */
  private static final long LARGE_INPUT_BYTES = 1 << 20;

  private static final int LARGE_INPUT_TILES = 4;

  private static final float[] NONE = {};

  /** A product, and where its results go: one row for each token, {@code stride} apart. */
  private static final class Product {
    private PackedMatrix matrix;
    private Activations inputs;
    private float[] out = NONE;
    private int offset;
    private int stride;

    /** What adapters know the matrix as; null where they add nothing. */
    private @Nullable LoraTarget target;

    Product(PackedMatrix matrix, Activations inputs) {
      this.matrix = matrix;
      this.inputs = inputs;
    }
  }

  /** What is done with rows of results at once, by the worker that made them. */
  @FunctionalInterface
  interface RowTask {
    /**
     * Takes some rows of all products' results.
     *
     * @param first the first row, a multiple of 32
     * @param rows how many
     * @param results of each product, for each token these rows, {@code stride} elements apart
     */
    void run(int first, int rows, float[][] results, int stride, int worker);
  }

  private final Kernels kernels;
  private final WorkerTeam team;
  private final KernelScratch[] scratch;
  private final LoraTerms adapters;

  /** Those that were added, then what is left of earlier batches, to be used again. */
  private Product[] products = {};

  private int count;

  /** Tiles of all products together, and in how many parts they are dealt out. */
  private int tiles;

  private int parts;
  private RowTask next = (first, rows, results, stride, worker) -> {};

  /** Per worker and product, results that a {@link RowTask} takes. */
  private final float[][][] rowResults;

  // One object each, since a step runs hundreds.
  private final WorkerTeam.Task multiplyPart = this::multiplyPart;
  private final WorkerTeam.Task multiplyRows = this::multiplyRows;

  Products(Kernels kernels, WorkerTeam team, KernelScratch[] scratch, LoraTerms adapters) {
    this.kernels = kernels;
    this.team = team;
    this.scratch = scratch;
    this.adapters = adapters;
    this.rowResults = new float[team.workers()][0][];
  }

  /** A product whose results fill an array from the start, row after row. */
  Products add(PackedMatrix matrix, Inputs inputs, float[] out) {
    return add(matrix, inputs.of(matrix), out, 0, matrix.rows());
  }

  /** A product whose results a {@link RowTask} takes. */
  Products add(PackedMatrix matrix, Inputs inputs) {
    return add(matrix, inputs.of(matrix), NONE, 0, 0);
  }

  /**
   * A product whose results go somewhere.
   *
   * @param offset where the first token's results start
   * @param stride from there to the next token's
   */
  Products add(PackedMatrix matrix, Activations inputs, float[] out, int offset, int stride) {
    if (count == products.length) {
      products = Arrays.copyOf(products, 2 * count + 4);
      for (int i = count; i < products.length; i++) {
        products[i] = new Product(matrix, inputs);
      }
    }
    Product product = products[count++];
    product.matrix = matrix;
    product.inputs = inputs;
    product.out = out;
    product.offset = offset;
    product.stride = stride;
    product.target = null;
    return this;
  }

  /** Adapters add to the product that was added last. */
  Products with(LoraTarget target) {
    products[count - 1].target = target;
    return this;
  }

  /** Takes all products and forgets them. */
  void run() {
    int all = 0;
    for (int i = 0; i < count; i++) {
      all += products[i].matrix.tiles();
    }
    dealOut(all);
    team.run(parts, multiplyPart);
    count = 0;
  }

  /**
   * Takes all products, which have equally many rows, and forgets them. Some rows of all are made
   * together, and then what follows is done with those: they are still in the worker's cache, and
   * no other worker waits for that.
   */
  void run(RowTask task) {
    dealOut(products[0].matrix.tiles());
    int most = Math.ceilDiv(tiles, parts);
    int elements = products[0].inputs.tokens() * most * PackedMatrix.TILE_ROWS;
    for (int worker = 0; worker < rowResults.length; worker++) {
      rowResults[worker] = roomFor(elements, rowResults[worker]);
    }
    next = task;
    team.run(parts, multiplyRows);
    count = 0;
  }

  private float[][] roomFor(int elements, float[][] old) {
    float[][] results = old;
    if (results.length < count) {
      results = Arrays.copyOf(results, count);
    }
    for (int i = 0; i < count; i++) {
      if (results[i] == null || results[i].length < elements) {
        results[i] = new float[elements];
      }
    }
    return results;
  }

  /** Parts of the same size, but for a tile, and as many for each worker. */
  private void dealOut(int allTiles) {
    int tokens = 1;
    long bytes = 0;
    for (int i = 0; i < count; i++) {
      tokens = Math.max(tokens, products[i].inputs.tokens());
      bytes = Math.max(bytes, products[i].inputs.bytes());
    }
    int enough = bytes > LARGE_INPUT_BYTES ? LARGE_INPUT_TILES : 1;
    int most = Math.clamp(MAX_PART / tokens, enough, MAX_PART_TILES);
    int perWorker = Math.ceilDiv(allTiles, team.workers());
    tiles = allTiles;
    parts =
        Math.min(
            allTiles, team.workers() * Math.max(PARTS_PER_WORKER, Math.ceilDiv(perWorker, most)));
  }

  private int firstTile(int part) {
    return (int) ((long) tiles * part / parts);
  }

  /** Some tiles, counted through all products. */
  private void multiplyPart(int part, int worker) {
    int from = firstTile(part);
    int end = firstTile(part + 1);
    int first = 0;
    for (int i = 0; i < count && first < end; i++) {
      Product product = products[i];
      int start = Math.max(from - first, 0);
      int stop = Math.min(end - first, product.matrix.tiles());
      if (start < stop) {
        multiply(product, start, stop - start, product.out, product.offset, product.stride, worker);
      }
      first += product.matrix.tiles();
    }
  }

  private void multiplyRows(int part, int worker) {
    int from = firstTile(part);
    int partTiles = firstTile(part + 1) - from;
    int stride = partTiles * PackedMatrix.TILE_ROWS;
    int first = from * PackedMatrix.TILE_ROWS;
    float[][] results = rowResults[worker];
    for (int i = 0; i < count; i++) {
      multiply(products[i], from, partTiles, results[i], -first, stride, worker);
    }
    int rows = Math.min(stride, products[0].matrix.rows() - first);
    next.run(first, rows, results, stride, worker);
  }

  private void multiply(
      Product product,
      int firstTile,
      int tileCount,
      float[] out,
      int offset,
      int stride,
      int worker) {
    kernels.multiply(
        product.matrix, firstTile, tileCount, product.inputs, out, offset, stride, scratch[worker]);
    if (product.target != null) {
      adapters.add(
          product.target, product.matrix, out, offset, stride, firstTile, tileCount, worker);
    }
  }
}
