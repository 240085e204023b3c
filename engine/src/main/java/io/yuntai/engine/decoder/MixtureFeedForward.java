package io.yuntai.engine.decoder;

import io.yuntai.engine.decoder.FeedForwardShape.Mixture;
import io.yuntai.engine.decoder.FeedForwardWeights.Experts;
import io.yuntai.engine.decoder.FeedForwardWeights.Gated;
import io.yuntai.engine.kernel.Activations;
import io.yuntai.engine.kernel.Activations.Form;
import io.yuntai.engine.kernel.Exponential;
import io.yuntai.engine.kernel.Kernels;
import io.yuntai.engine.kernel.PackedMatrix;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A mixture of experts. Tokens are grouped by expert, so that each expert that is used at all is
 * read once for all its tokens. A token's result is the chain of fma over its experts in the order
 * of their scores, then over the shared network, whatever else is in the batch.
 *
 * <p>A <em>slot</em> is one token at one of its experts; slots stand in the order of experts, and
 * within an expert in the order of tokens.
 */
final class MixtureFeedForward {
  private final Workspace work;
  private final Mixture shape;
  private final Routing routing;
  private final float[] logits;

  /** Per token its experts, their weights and its slots, best first. */
  private final int[] chosen;

  private final float[] weights;
  private final int[] slots;

  /** Per slot its token and its expert. */
  private final int[] slotTokens;

  private final int[] slotExperts;

  /** The first slot of each expert, and of the one after the last. */
  private final int[] firstSlots;

  private final float[] gates;
  private final float[] ups;
  private final float[] results;
  private final PartedInputs entries;
  private final PartedInputs inner;
  private final @Nullable SharedNetwork shared;
  private final float[] sharedResults;

  MixtureFeedForward(Workspace work, Mixture shape) {
    this.work = work;
    this.shape = shape;
    this.routing = shape.routing();
    int tokens = work.maxTokens;
    int maxSlots = tokens * routing.used();
    logits = new float[tokens * routing.experts()];
    chosen = new int[maxSlots];
    weights = new float[maxSlots];
    slots = new int[maxSlots];
    slotTokens = new int[maxSlots];
    slotExperts = new int[maxSlots];
    firstSlots = new int[routing.experts() + 1];
    gates = new float[maxSlots * shape.length()];
    ups = new float[maxSlots * shape.length()];
    results = new float[maxSlots * work.width()];
    entries = new PartedInputs(work.kernels, maxSlots, work.width(), Form.CODES_8);
    inner = new PartedInputs(work.kernels, maxSlots, shape.length(), Form.CODES_8);
    boolean hasShared = shape.sharedLength() > 0;
    shared = hasShared ? new SharedNetwork(work, shape.sharedLength()) : null;
    sharedResults = new float[hasShared ? tokens * work.width() : 0];
  }

  /** Adds the result, normalised where {@code outputNorm} isn't empty, to the residual stream. */
  void run(float[] norm, Experts experts, float[] outputNorm) {
    route(norm, experts);
    arrange();
    enter(experts);
    gate(experts);
    leave(experts);
    work.perToken((token, worker) -> combine(experts, token, worker));
    work.addProjected(outputNorm);
  }

  /** Chooses experts; the shared network's first products are taken on the way. */
  private void route(float[] norm, Experts experts) {
    work.inputs.begin(work.tokens()).into(experts.router());
    if (isSingle()) {
      into(experts.experts().getFirst());
    }
    Gated sharedWeights = experts.shared();
    if (shared != null && sharedWeights != null) {
      into(sharedWeights);
    }
    work.normalize(norm);
    if (shared != null && sharedWeights != null) {
      shared.addEntry(sharedWeights);
    }
    work.products.add(experts.router(), work.inputs, logits).run();
    work.perToken((token, worker) -> {
      int first = token * routing.used();
      routing.choose(
          logits, token * routing.experts(), experts.routerBias(), chosen, weights, first);
      if (shared != null) {
        shared.gate(token, worker);
      }
    });
  }

  private void into(Gated network) {
    work.inputs.into(network.gate()).into(network.up());
  }

  /** Gives each token's experts their slots. */
  private void arrange() {
    int used = routing.used();
    int count = work.tokens() * used;
    Arrays.fill(firstSlots, 0);
    for (int i = 0; i < count; i++) {
      firstSlots[chosen[i] + 1]++;
    }
    for (int expert = 0; expert < routing.experts(); expert++) {
      firstSlots[expert + 1] += firstSlots[expert];
    }
    int[] next = firstSlots.clone();
    for (int i = 0; i < count; i++) {
      int slot = next[chosen[i]]++;
      slots[i] = slot;
      slotTokens[slot] = i / used;
      slotExperts[slot] = chosen[i];
    }
  }

  /** Whether there is one token, which is every expert's input as it is. */
  private boolean isSingle() {
    return work.tokens() == 1;
  }

  /** The first products of each expert with its tokens. */
  private void enter(Experts experts) {
    int width = work.width();
    if (!isSingle()) {
      Gated any = experts.experts().getFirst();
      entries.layOut(firstSlots, any.gate(), any.up());
      work.team.run(
          work.tokens() * routing.used(),
          (slot, worker) -> {
            int expert = slotExperts[slot];
            entries.set(
                work.normed,
                slotTokens[slot] * width,
                expert,
                slot - firstSlots[expert],
                work.scratch[worker]);
          });
    }
    for (int i = 0; i < routing.experts(); i++) {
      if (firstSlots[i + 1] > firstSlots[i]) {
        Gated expert = experts.experts().get(i);
        addEntry(expert.gate(), i, gates);
        addEntry(expert.up(), i, ups);
      }
    }
    work.products.run();
  }

  private void addEntry(PackedMatrix matrix, int expert, float[] out) {
    Activations inputs = isSingle() ? work.inputs.of(matrix) : entries.of(matrix, expert);
    int length = shape.length();
    work.products.add(matrix, inputs, out, firstSlots[expert] * length, length);
  }

  private void gate(Experts experts) {
    int length = shape.length();
    inner.layOut(firstSlots, experts.experts().getFirst().down());
    work.team.run(
        work.tokens() * routing.used(),
        (slot, worker) -> {
          int expert = slotExperts[slot];
          work.gate(gates, slot * length, ups, slot * length, length, worker);
          int row = slot - firstSlots[expert];
          inner.set(gates, slot * length, expert, row, work.scratch[worker]);
        });
  }

  /** The last products, the shared network's among them. */
  private void leave(Experts experts) {
    int width = work.width();
    for (int i = 0; i < routing.experts(); i++) {
      if (firstSlots[i + 1] > firstSlots[i]) {
        PackedMatrix down = experts.experts().get(i).down();
        work.products.add(down, inner.of(down, i), results, firstSlots[i] * width, width);
      }
    }
    if (shared != null && experts.shared() != null) {
      shared.addExit(experts.shared(), sharedResults);
    }
    work.products.run();
  }

  private void combine(Experts experts, int token, int worker) {
    Kernels kernels = work.kernels;
    int width = work.width();
    int row = token * width;
    Arrays.fill(work.projected, row, row + width, 0);
    for (int i = token * routing.used(); i < (token + 1) * routing.used(); i++) {
      kernels.addScaled(work.projected, row, results, slots[i] * width, weights[i], width);
    }
    if (shared != null) {
      float factor = 1;
      if (shape.sharedGate()) {
        float logit =
            kernels.dot(work.normed, row, experts.sharedGate(), 0, width, work.scratch[worker]);
        factor = 1 / (1 + Exponential.exp(-logit));
      }
      kernels.addScaled(work.projected, row, sharedResults, row, factor, width);
    }
  }
}
