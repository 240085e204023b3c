package io.yuntai.models.catalog;

import java.util.List;

/** One place from which a catalogue entry's bytes come. */
public sealed interface CatalogSource {

  /** The references it stands for, in the order of their bytes; not empty. */
  List<ModelReference> references();

  /** One file as it is. */
  record Single(ModelReference reference) implements CatalogSource {
    @Override
    public List<ModelReference> references() {
      return List.of(reference);
    }
  }

  /** What a repository of a hub holds, which is looked up when it is pulled. */
  record Repository(ModelReference.HubRepository repository) implements CatalogSource {
    @Override
    public List<ModelReference> references() {
      return List.of(repository);
    }
  }

  /** Data files of Python packages whose bytes, one after the other, are the file. */
  record Joined(List<ModelReference> references) implements CatalogSource {
    public Joined {
      references = List.copyOf(references);
      if (references.isEmpty()) {
        throw new IllegalArgumentException("a joined source needs parts");
      }
    }
  }

  /**
   * A model as its authors publish it: weights, settings and vocabulary in files of their own, from
   * which one GGUF file is made here. The same files always give the same bytes, which the entry's
   * pin names.
   *
   * @param references where each file is
   * @param paths each file's path in the model's folder, in the same order
   */
  record Checkpoint(List<ModelReference> references, List<String> paths) implements CatalogSource {
    public Checkpoint {
      references = List.copyOf(references);
      paths = List.copyOf(paths);
      if (references.isEmpty() || references.size() != paths.size()) {
        throw new IllegalArgumentException("a checkpoint needs files, and a path for each");
      }
    }
  }

  /** A model in several files, each with its own header; those in safetensors are listed only. */
  record Split(List<ModelReference> references) implements CatalogSource {
    public Split {
      references = List.copyOf(references);
      if (references.isEmpty()) {
        throw new IllegalArgumentException("a split source needs files");
      }
    }

    /** Whether its files can be run as they are. */
    public boolean isGguf() {
      return references.stream().allMatch(file -> file.text().contains(".gguf"));
    }
  }
}
