package io.yuntai.engine.decoder;

import io.yuntai.engine.kernel.Activations;
import io.yuntai.engine.kernel.KernelScratch;
import io.yuntai.engine.kernel.Kernels;
import io.yuntai.engine.kernel.PackedMatrix;
import io.yuntai.engine.kernel.WorkerTeam;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Matrix products that don't need each other, taken together: added one by one, then run. */
final class Products {
  /**
   * Parts that a worker's share is cut into, so that another can take some over. More cost more
   * calls, and a stream of weights that stops and starts.
   */
  private static final int CHUNKS_PER_WORKER = 4;

  private static final int MAX_CHUNK_TILES = 16;

  /**
   * Most tokens times tiles of a part. Workers wait for the last part, and 16 tiles of 256 tokens
   * take a millisecond.
   */
  private static final int MAX_CHUNK = 256;

  /** Tiles of a part, however many tokens, where calls for each token's rows follow. */
  private static final int ROW_TASK_TILES = 4;

  /** A product, and where its results go: one row for each token, {@code stride} apart. */
  private record Product(
      PackedMatrix matrix, Activations inputs, float[] out, int offset, int stride) {}

  /** What is done with rows of results at once, by the worker that made them. */
  @FunctionalInterface
  interface RowTask {
    /**
     * @param first the first row, a multiple of 32
     * @param rows how many
     */
    void run(int first, int rows, int worker);
  }

  private final Kernels kernels;
  private final WorkerTeam team;
  private final KernelScratch[] scratch;
  private final List<Product> products = new ArrayList<>();

  /** The number of the first chunk of each product, and of the one after the last. */
  private int[] firstChunks = new int[16];

  Products(Kernels kernels, WorkerTeam team, KernelScratch[] scratch) {
    this.kernels = kernels;
    this.team = team;
    this.scratch = scratch;
  }

  /** A product whose results fill an array from the start, row after row. */
  Products add(PackedMatrix matrix, Inputs inputs, float[] out) {
    return add(matrix, inputs.of(matrix), out, 0, matrix.rows());
  }

  /**
   * A product whose results go somewhere.
   *
   * @param offset where the first token's results start
   * @param stride from there to the next token's
   */
  Products add(PackedMatrix matrix, Activations inputs, float[] out, int offset, int stride) {
    products.add(new Product(matrix, inputs, out, offset, stride));
    return this;
  }

  /** Takes all products and forgets them. */
  void run() {
    int count = products.size();
    if (firstChunks.length <= count) {
      firstChunks = new int[2 * count];
    }
    int tiles = 0;
    int tokens = 1;
    for (Product product : products) {
      tiles += product.matrix.tiles();
      tokens = Math.max(tokens, product.inputs.tokens());
    }
    int chunk = chunkTiles(tiles, tokens, 1);
    for (int i = 0; i < count; i++) {
      firstChunks[i + 1] = firstChunks[i] + Math.ceilDiv(products.get(i).matrix.tiles(), chunk);
    }
    team.run(firstChunks[count], (item, worker) -> multiply(item, chunk, count, scratch[worker]));
    products.clear();
  }

  /**
   * Takes all products, which have equally many rows, and forgets them. Some rows of all are made
   * together, and then what follows is done with those: no other worker waits for that.
   */
  void run(RowTask next) {
    PackedMatrix shape = products.getFirst().matrix;
    int chunk = chunkTiles(shape.tiles(), products.getFirst().inputs.tokens(), ROW_TASK_TILES);
    int chunkRows = chunk * PackedMatrix.TILE_ROWS;
    team.run(
        Math.ceilDiv(shape.tiles(), chunk),
        (item, worker) -> {
          for (Product product : products) {
            multiply(product, item * chunk, chunk, scratch[worker]);
          }
          int first = item * chunkRows;
          next.run(first, Math.min(chunkRows, shape.rows() - first), worker);
        });
    products.clear();
  }

  private int chunkTiles(int tiles, int tokens, int enough) {
    int most = Math.clamp(MAX_CHUNK / tokens, enough, MAX_CHUNK_TILES);
    return Math.clamp(tiles / (team.workers() * CHUNKS_PER_WORKER), 1, most);
  }

  private void multiply(int item, int chunk, int count, KernelScratch own) {
    int found = Arrays.binarySearch(firstChunks, 0, count, item);
    int index = found >= 0 ? found : -found - 2;
    multiply(products.get(index), (item - firstChunks[index]) * chunk, chunk, own);
  }

  private void multiply(Product product, int firstTile, int chunk, KernelScratch own) {
    kernels.multiply(
        product.matrix,
        firstTile,
        Math.min(chunk, product.matrix.tiles() - firstTile),
        product.inputs,
        product.out,
        product.offset,
        product.stride,
        own);
  }
}
