package io.yuntai.engine.decoder;

import io.yuntai.engine.decoder.LoraAdapter.Entry;
import io.yuntai.engine.decoder.LoraAdapter.Part;
import io.yuntai.engine.kernel.Activations;
import io.yuntai.engine.kernel.Activations.Form;
import io.yuntai.engine.kernel.KernelScratch;
import io.yuntai.engine.kernel.Kernels;
import io.yuntai.engine.kernel.PackedMatrix;
import io.yuntai.engine.kernel.WorkerTeam;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What adapters add to the products of a batch: {@code W x + B (s A x)}, for each token by its own
 * sequence's adapter.
 *
 * <p>Tokens of one adapter are a group, and go through its matrices together. Before products of an
 * input, {@link #compress} takes all groups through the matrices A of those that read it; then each
 * worker adds to the rows that it has just made of a product what B gives for them ({@link #add}).
 * Products are those of {@link Kernels#multiply} for weights that are not block-quantised, with the
 * row as it is, so nothing depends on who else is in the batch. Tokens without an adapter cost
 * nothing.
 */
final class LoraTerms {
  /** So few tokens are stored by one worker in less time than it takes to tell the others. */
  private static final int FEW_TOKENS = 8;

  private static final int TARGETS = LoraTarget.values().length;

  private final Kernels kernels;
  private final WorkerTeam team;
  private final KernelScratch[] scratch;
  private final int maxTokens;

  /** For each worker what it adds next. */
  private final float[][] added;

  /** Inputs of matrices A, by columns: rows of all groups, and of each group. */
  private final Map<Integer, Activations> gathered = new HashMap<>();

  private final Map<Integer, List<Activations>> gatheredOfGroups = new HashMap<>();

  /** Inputs of matrices B by rank, for each group and each matrix of an input. */
  private final List<Map<Integer, Activations>> stored = new ArrayList<>();

  private float[] compressed = {};

  // The batch: its adapters, each one's tokens (rows), one group after the other.
  private final List<LoraAdapter> groups = new ArrayList<>();
  private final int[] rows;
  private final int[] groupOfRow;
  private int[] firstRows = new int[1];

  // Where the batch is.
  private int layer;
  private @Nullable Entry[] entries = {};
  private int[] firstCompressed = {};

  // What is compressed: one row for each token, and its rows as inputs of each group.
  private float[] read = {};
  private int readColumns;
  private List<Activations> inputs = List.of();

  // One object each, since a step runs hundreds.
  private final WorkerTeam.Task gather = this::gather;
  private final WorkerTeam.Task store = this::store;

  LoraTerms(Kernels kernels, WorkerTeam team, KernelScratch[] scratch, int maxTokens) {
    this.kernels = kernels;
    this.team = team;
    this.scratch = scratch;
    this.maxTokens = maxTokens;
    rows = new int[maxTokens];
    groupOfRow = new int[maxTokens];
    added = new float[team.workers()][0];
  }

  /** Begins a batch. */
  void begin(Batch batch) {
    groups.clear();
    gatheredOfGroups.clear();
    Arrays.fill(entries, null);
    if (batch.adapters().length == 0) {
      return;
    }
    for (int sequence : batch.sequences()) {
      if (batch.adapters()[sequence] instanceof LoraAdapter lora && !groups.contains(lora)) {
        groups.add(lora);
      }
    }
    if (entries.length < groups.size()) {
      entries = new @Nullable Entry[groups.size()];
      firstCompressed = new int[groups.size()];
      firstRows = new int[groups.size() + 1];
    }
    int row = 0;
    for (int group = 0; group < groups.size(); group++) {
      firstRows[group] = row;
      for (int token = 0; token < batch.tokens().length; token++) {
        if (groups.get(group).equals(batch.adapters()[batch.sequences()[token]])) {
          groupOfRow[row] = group;
          rows[row++] = token;
        }
      }
    }
    firstRows[groups.size()] = row;
  }

  /** What follows is of this layer. */
  void layer(int index) {
    layer = index;
  }

  /**
   * Takes what an input's matrices are about to read through the matrices A.
   *
   * @param x one row for each token of the batch
   * @param columns length of a row
   */
  void compress(LoraInput input, float[] x, int columns, Products products) {
    for (int group = 0; group < groups.size(); group++) {
      entries[group] = groups.get(group).entry(layer, input);
    }
    if (!isRead(input)) {
      return;
    }
    read = x;
    readColumns = columns;
    inputs = gathered(columns);
    perRow(gather);
    multiply(products);
    perRow(store);
  }

  private void gather(int row, int worker) {
    int group = groupOfRow[row];
    if (entries[group] != null) {
      kernels.store(
          read,
          rows[row] * readColumns,
          inputs.get(group),
          row - firstRows[group],
          scratch[worker]);
    }
  }

  /** Whether an adapter of the batch reads an input in this layer. */
  boolean isRead(LoraInput input) {
    for (int group = 0; group < groups.size(); group++) {
      if (groups.get(group).entry(layer, input) != null) {
        return true;
      }
    }
    return false;
  }

  private int size(int group) {
    return firstRows[group + 1] - firstRows[group];
  }

  private void perRow(WorkerTeam.Task task) {
    int count = firstRows[groups.size()];
    if (count > FEW_TOKENS) {
      team.run(count, task);
    } else {
      for (int row = 0; row < count; row++) {
        task.run(row, 0);
      }
    }
  }

  private List<Activations> gathered(int columns) {
    return gatheredOfGroups.computeIfAbsent(
        columns,
        _ -> {
          Activations all =
              gathered.computeIfAbsent(
                  columns, _ -> new Activations(maxTokens, columns, Form.FLOATS));
          List<Activations> parts = new ArrayList<>(groups.size());
          for (int group = 0; group < groups.size(); group++) {
            parts.add(all.part(firstRows[group], size(group)));
          }
          return parts;
        });
  }

  private void multiply(Products products) {
    int length = 0;
    for (int group = 0; group < groups.size(); group++) {
      Entry entry = entries[group];
      if (entry != null) {
        firstCompressed[group] = length;
        length += size(group) * entry.down().rows();
      }
    }
    if (compressed.length < length) {
      compressed = new float[length];
    }
    for (int group = 0; group < groups.size(); group++) {
      Entry entry = entries[group];
      if (entry != null) {
        int ranks = entry.down().rows();
        products.add(entry.down(), inputs.get(group), compressed, firstCompressed[group], ranks);
        for (int i = 0; i < entry.parts().size(); i++) {
          room(group, i, entry.parts().get(i).rank()).resize(size(group));
        }
      }
    }
    products.run();
  }

  private Activations room(int group, int part, int rank) {
    int slot = group * TARGETS + part;
    while (stored.size() <= slot) {
      stored.add(new HashMap<>());
    }
    return stored
        .get(slot)
        .computeIfAbsent(rank, _ -> new Activations(maxTokens, rank, Form.FLOATS));
  }

  /** What {@link #room} made before. */
  private Activations stored(int group, int index, Part part) {
    return Objects.requireNonNull(stored.get(group * TARGETS + index).get(part.rank()));
  }

  /** Multiplies what a row has become with its factors, as input of the matrices B. */
  private void store(int row, int worker) {
    int group = groupOfRow[row];
    Entry entry = entries[group];
    if (entry == null) {
      return;
    }
    int token = row - firstRows[group];
    int at = firstCompressed[group] + token * entry.down().rows();
    for (int i = 0; i < entry.parts().size(); i++) {
      Part part = entry.parts().get(i);
      int first = at + part.firstRank();
      for (int rank = 0; rank < part.rank(); rank++) {
        compressed[first + rank] *= part.scale();
      }
      Activations to = stored(group, i, part);
      kernels.store(compressed, first, to, token, scratch[worker]);
    }
  }

  /**
   * Adds to some rows of a product what the adapters add to them. Different rows may be added to by
   * different workers.
   *
   * @param out {@code out[offset + token * stride + row]} for all tokens of the batch
   */
  void add(
      LoraTarget target,
      PackedMatrix matrix,
      float[] out,
      int offset,
      int stride,
      int firstTile,
      int tiles,
      int worker) {
    for (int group = 0; group < groups.size(); group++) {
      Entry entry = entries[group];
      for (int i = 0; entry != null && i < entry.parts().size(); i++) {
        Part part = entry.parts().get(i);
        if (part.target() == target) {
          int first = firstTile * PackedMatrix.TILE_ROWS;
          int wide = tiles * PackedMatrix.TILE_ROWS;
          float[] sums = added(worker, size(group) * wide);
          Activations from = stored(group, i, part);
          kernels.multiply(part.up(), firstTile, tiles, from, sums, -first, wide, scratch[worker]);
          int count = Math.min(wide, matrix.rows() - first);
          for (int row = 0; row < size(group); row++) {
            int to = offset + rows[firstRows[group] + row] * stride + first;
            kernels.add(out, to, sums, row * wide, count);
          }
        }
      }
    }
  }

  private float[] added(int worker, int length) {
    if (added[worker].length < length) {
      added[worker] = new float[length];
    }
    return added[worker];
  }
}
