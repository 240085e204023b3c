package io.yuntai.models.catalog;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A model known by name.
 *
 * @param name {@code family:tag} in lower case, such as {@code qwen2.5-coder:0.5b}
 * @param description one sentence for a person who chooses
 * @param licence SPDX identifier, or the licence's own name where there is none
 * @param kind what it is for: {@code chat}, {@code embedding} or {@code rerank}
 * @param contextTokens the context that the model was trained for
 * @param pin size and SHA-256 of the one file; absent where we have not verified them ourselves: a
 *     pull then takes what the source itself promises and says so
 * @param sources where the same bytes come from, in the order to try; not empty
 */
public record CatalogEntry(
    String name,
    String description,
    String licence,
    String kind,
    int contextTokens,
    @Nullable Pin pin,
    List<CatalogSource> sources) {
  static final String CHAT = "chat";
  private static final Set<String> KINDS = Set.of(CHAT, "embedding", "rerank");

  public CatalogEntry {
    sources = List.copyOf(sources);
    if (!KINDS.contains(kind)) {
      throw new IllegalArgumentException(name + " is of the unknown kind " + kind);
    }
    if (name.indexOf(':') <= 0) {
      throw new IllegalArgumentException(name + " is not family:tag");
    }
    if (sources.isEmpty()) {
      throw new IllegalArgumentException(name + " has no source");
    }
  }

  /** An entry for chat. */
  public CatalogEntry(
      String name,
      String description,
      String licence,
      int contextTokens,
      @Nullable Pin pin,
      List<CatalogSource> sources) {
    this(name, description, licence, CHAT, contextTokens, pin, sources);
  }

  /** The name up to the colon. */
  public String family() {
    return name.substring(0, name.indexOf(':'));
  }

  /** Why this model can be listed but not pulled and run yet, as a sentence; null if it can. */
  public @Nullable String notYetRunnable() {
    for (CatalogSource source : sources) {
      if (!(source instanceof CatalogSource.Split split) || split.isGguf()) {
        return null;
      }
    }
    return name
        + " is published as safetensors only, which can't be pulled yet. Name a GGUF file of it instead:"
        + " hf://org/repo/file.gguf.";
  }
}
