package io.yuntai.engine.checkpoint;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.checkpoint.TensorNames.Place;
import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.quant.TensorType;
import io.yuntai.engine.quantize.SourceTensor;
import io.yuntai.engine.quantize.SourceTensor.Rows;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Published tensors as GGUF has them: renamed, queries' and keys' rows in its order, experts
 * joined, latent attention's keys and values split. Every published tensor has its place or is
 * known to be of no use here; any other is refused, for what it does would be missing.
 *
 * <p>Vectors and routers become F32, as the field has it; matrices keep their type.
 */
final class TensorMapping {
  private static final Pattern LAYER = Pattern.compile("(?:model\\.layers|blk)\\.(\\d{1,6})\\..*");
  private static final String EXPERTS = "_exps";

  private final Family family;
  private final Fields config;
  private final TensorNames names;
  private final long layers;
  private final boolean tied;
  private final List<SourceTensor> mapped = new ArrayList<>();
  private final Map<String, TreeMap<Integer, TensorInfo>> experts = new LinkedHashMap<>();

  TensorMapping(Family family, Fields config) {
    this.family = family;
    this.config = config;
    this.names = TensorNames.of(family.architecture());
    this.layers = CommonSettings.layers(config);
    this.tied = config.flag("tie_word_embeddings", family.isTiedByDefault());
  }

  /** GGUF's tensors: embeddings, layers in order, the output. */
  List<SourceTensor> map(Map<String, TensorInfo> published) {
    published.forEach((name, tensor) -> {
      String plain = withoutOuterModel(name);
      if (!isOfNoUse(plain)) {
        map(plain, tensor);
      }
    });
    experts.forEach(this::join);
    mapped.sort(Comparator.comparingLong(TensorMapping::order));
    return mapped;
  }

  /** Names of a model that also sees, as those of its text model alone. */
  private static String withoutOuterModel(String name) {
    if (name.startsWith("language_model.")) {
      return name.substring("language_model.".length());
    }
    return name.startsWith("model.language_model.")
        ? "model." + name.substring("model.language_model.".length())
        : name;
  }

  private boolean isOfNoUse(String name) {
    Matcher layer = LAYER.matcher(name);
    return name.endsWith(".rotary_emb.inv_freq")
        || (tied && name.equals("lm_head.weight"))
        // What predicts several tokens at once comes after the layers.
        || (layer.matches() && Integer.parseInt(layer.group(1)) >= layers)
        || name.startsWith("vision_tower.")
        || name.startsWith("model.vision_tower.")
        || name.startsWith("multi_modal_projector.")
        || name.startsWith("model.multi_modal_projector.");
  }

  private static long order(SourceTensor tensor) {
    Matcher layer = LAYER.matcher(tensor.name());
    if (layer.matches()) {
      return Integer.parseInt(layer.group(1));
    }
    return tensor.name().startsWith("output") ? Long.MAX_VALUE : -1;
  }

  private void map(String name, TensorInfo tensor) {
    String suffix = name.endsWith("bias") ? ".bias" : ".weight";
    String module =
        name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name;
    Place place = names.find(module).orElseThrow(() -> unknown(name));
    String target = place.tensor() + suffix;
    if (suffix.equals(".bias")) {
      requireBias(name, place);
    }
    if (place.expert() != Place.ALL) {
      experts.computeIfAbsent(target, _ -> new TreeMap<>()).put(place.expert(), tensor);
    } else if (place.tensor().endsWith(".attn_kv_b")) {
      splitLatent(place.tensor(), tensor);
    } else if (RotaryRows.areReordered(family.architecture(), place.tensor())) {
      int length = CommonSettings.headLength(config);
      if (tensor.rows() % length != 0) {
        throw refuse(
            "tensor %s has %d rows for heads of %d".formatted(name, tensor.rows(), length));
      }
      Rows rows = PublishedRows.reordered(tensor, row -> RotaryRows.published(row, length));
      mapped.add(new SourceTensor(target, tensor.type(), tensor.shape(), rows, null));
    } else {
      plain(target, tensor);
    }
  }

  private void requireBias(String name, Place place) {
    String tensor = place.tensor().substring(place.tensor().indexOf('.', 4) + 1);
    boolean known =
        switch (tensor) {
          case "exp_probs_b" -> true;
          case "attn_q", "attn_k", "attn_v" -> family.hasBiases();
          default -> false;
        };
    if (!known) {
      throw unknown(name);
    }
  }

  private void plain(String target, TensorInfo tensor) {
    // Published as a matrix of one row.
    List<Long> shape =
        target.endsWith(".ffn_gate_inp_shexp.weight") && tensor.rows() == 1
            ? List.of(tensor.columns())
            : tensor.shape();
    boolean isVector = shape.size() == 1;
    boolean shifted = isVector && family.hasNormsAroundZero();
    if (!isVector && !target.endsWith(".ffn_gate_inp.weight")) {
      mapped.add(
          new SourceTensor(
              target, tensor.type(), shape, SourceTensor.rowsOf(tensor), tensor.data()));
      return;
    }
    Rows rows = shifted ? PublishedRows.plusOne(tensor) : SourceTensor.rowsOf(tensor);
    mapped.add(new SourceTensor(target, TensorType.F32, shape, rows, null));
  }

  private void splitLatent(String target, TensorInfo tensor) {
    long heads = CommonSettings.heads(config);
    int keys = DeepSeek2Family.plainKeyLength(config);
    int values = DeepSeek2Family.valueLength(config);
    int both = keys + values;
    if (tensor.rows() != heads * both) {
      throw refuse(
          "tensor %s has %d rows, not %d".formatted(tensor.name(), tensor.rows(), heads * both));
    }
    String prefix = target.substring(0, target.length() - "attn_kv_b".length());
    mapped.add(
        new SourceTensor(
            prefix + "attn_k_b.weight",
            tensor.type(),
            List.of((long) keys, tensor.columns(), heads),
            PublishedRows.transposedHeads(tensor, both, keys),
            null));
    mapped.add(
        new SourceTensor(
            prefix + "attn_v_b.weight",
            tensor.type(),
            List.of(tensor.columns(), (long) values, heads),
            PublishedRows.reordered(tensor, row -> row / values * both + keys + row % values),
            null));
  }

  private void join(String target, NavigableMap<Integer, TensorInfo> byNumber) {
    String layer = target.substring(0, target.indexOf(EXPERTS));
    TensorInfo first = byNumber.firstEntry().getValue();
    int count = byNumber.lastKey() + 1;
    if (byNumber.size() != count) {
      throw refuse(
          "%s has %d experts, of which the last has number %d"
              .formatted(layer, byNumber.size(), count - 1));
    }
    for (TensorInfo each : byNumber.values()) {
      if (!each.shape().equals(first.shape()) || each.type() != first.type()) {
        throw refuse(
            "tensor %s has another shape or type than %s".formatted(each.name(), first.name()));
      }
    }
    if (first.shape().size() != 2) {
      throw refuse("tensor %s is no matrix".formatted(first.name()));
    }
    List<TensorInfo> parts = List.copyOf(byNumber.values());
    mapped.add(
        new SourceTensor(
            target,
            first.type(),
            List.of(first.columns(), first.rows(), (long) count),
            PublishedRows.joined(parts),
            null));
  }

  private ModelFormatException unknown(String name) {
    return refuse(
        "tensor %s is none that models of the architecture '%s' have here"
            .formatted(name, family.architecture()));
  }

  private static ModelFormatException refuse(String clause) {
    return new ModelFormatException("The model's weights: " + clause);
  }
}
