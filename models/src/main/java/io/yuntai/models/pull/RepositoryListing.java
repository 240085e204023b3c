package io.yuntai.models.pull;

import io.yuntai.models.catalog.CatalogSource;
import io.yuntai.models.catalog.ModelReference.Hub;
import io.yuntai.models.catalog.ModelReference.HubFile;
import io.yuntai.models.catalog.ModelReference.HubRepository;
import io.yuntai.models.catalog.SplitFiles;
import io.yuntai.models.transfer.SourceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a hub says a repository holds, and what of it is the model: its GGUF file where it has one,
 * else the checkpoint in its root.
 *
 * <p>Hugging Face answers {@code {"sha":commit,"siblings":[{"rfilename":path}]}}, ModelScope {@code
 * {"Data":{"Files":[{"Path":path,"Type":"blob"}]}}}.
 *
 * @param revision the commit where the hub names it, so that all files are of one; else as asked
 * @param paths of all files
 */
record RepositoryListing(HubRepository repository, String revision, List<String> paths) {
  private static final int MAX_FILES = 100_000;
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
  private static final Pattern WEIGHTS =
      Pattern.compile("model(-\\d{5}-of-\\d{5})?\\.safetensors|model\\.safetensors\\.index\\.json");
  private static final Pattern LATER_PART = Pattern.compile(".*-(?!00001)\\d{5}-of-\\d{5}\\.gguf");
  private static final Set<String> SETTINGS =
      Set.of(
          "config.json",
          "generation_config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "chat_template.jinja",
          "vocab.txt",
          "modules.json",
          "1_Pooling/config.json");

  /**
   * Reads a hub's answer.
   *
   * @throws SourceException if it is no such answer
   */
  static RepositoryListing read(HubRepository repository, byte[] json) throws SourceException {
    try {
      JsonNode answer = JsonMapper.shared().readTree(json);
      boolean huggingFace = repository.hub() == Hub.HUGGING_FACE;
      String commit = answer.path("sha").asString("");
      List<String> paths = new ArrayList<>();
      JsonNode files = huggingFace ? answer.path("siblings") : answer.path("Data").path("Files");
      for (JsonNode file : files.values()) {
        String path = file.path(huggingFace ? "rfilename" : "Path").asString("");
        if (isPlain(path) && paths.size() < MAX_FILES) {
          paths.add(path);
        }
      }
      return new RepositoryListing(
          repository,
          COMMIT.matcher(commit).matches() ? commit : repository.revision(),
          List.copyOf(paths));
    } catch (JacksonException e) {
      throw new SourceException("the hub's list of its files can't be read: it is no JSON", e);
    }
  }

  private static boolean isPlain(String path) {
    return !path.isEmpty()
        && path.length() <= 1024
        && path.chars().noneMatch(c -> c == '\\' || Character.isISOControl(c))
        && List.of(path.split("/", -1)).stream()
            .noneMatch(step -> step.isEmpty() || step.equals(".") || step.equals(".."));
  }

  /**
   * What to fetch.
   *
   * @param recipe how the model is to be quantised, or null
   * @throws SourceException if the repository holds no model, or several among which to choose
   */
  CatalogSource model(@Nullable String recipe) throws SourceException {
    List<String> checkpoint =
        paths.stream()
            .filter(path -> SETTINGS.contains(path) || WEIGHTS.matcher(path).matches())
            .sorted()
            .toList();
    List<String> gguf =
        paths.stream()
            .filter(path -> path.toLowerCase(Locale.ROOT).endsWith(".gguf"))
            .filter(path -> !LATER_PART.matcher(path).matches())
            .filter(path -> !path.toLowerCase(Locale.ROOT).contains("mmproj"))
            .sorted()
            .toList();
    if (!gguf.isEmpty()) {
      HubFile file = file(chosen(gguf, recipe));
      List<HubFile> parts = SplitFiles.of(file);
      return parts.size() > 1
          ? new CatalogSource.Split(List.copyOf(parts))
          : new CatalogSource.Single(file);
    }
    if (!checkpoint.contains("config.json")
        || checkpoint.stream().noneMatch(path -> WEIGHTS.matcher(path).matches())) {
      throw new SourceException(
          "the repository has neither a GGUF file nor config.json with model.safetensors");
    }
    return new CatalogSource.Checkpoint(
        List.copyOf(checkpoint.stream().map(this::file).toList()), checkpoint);
  }

  private HubFile file(String path) {
    return new HubFile(repository.hub(), repository.repository(), path, revision);
  }

  /** The file that bears the recipe's name, or the one that most people take. */
  private static String chosen(List<String> gguf, @Nullable String recipe) throws SourceException {
    String wanted = recipe == null ? "q4_k_m" : recipe;
    List<String> named =
        gguf.stream().filter(path -> path.toLowerCase(Locale.ROOT).contains(wanted)).toList();
    List<String> candidates = recipe == null && gguf.size() == 1 ? gguf : named;
    if (candidates.size() != 1) {
      throw new SourceException(
          "the repository has %s; name one, with a slash behind the repository"
                  .formatted(gguf.stream().limit(8).collect(Collectors.joining(", ")))
              + (gguf.size() > 8 ? " and " + (gguf.size() - 8) + " more are there" : ""));
    }
    return candidates.getFirst();
  }
}
