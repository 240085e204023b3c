package io.yuntai.models.catalog;

import io.yuntai.models.catalog.ModelReference.Hub;
import io.yuntai.models.catalog.ModelReference.HubFile;
import io.yuntai.models.catalog.ModelReference.HubRepository;
import io.yuntai.models.catalog.ModelReference.LocalFile;
import io.yuntai.models.catalog.ModelReference.Named;
import io.yuntai.models.catalog.ModelReference.PackageFile;
import io.yuntai.models.catalog.ModelReference.Quantized;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Text to {@link ModelReference}; every error names the text and shows a right form. */
final class ReferenceParser {
  private static final Pattern SCHEME =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://(.*)", Pattern.DOTALL);
  private static final Pattern HUB_FILE =
      Pattern.compile(
          "(?<repository>[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*)/(?<file>[^@]+)(?:@(?<revision>[A-Za-z0-9._/-]+))?");
  private static final Pattern HUB_REPOSITORY =
      Pattern.compile(
          "(?<repository>[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*)/?(?:@(?<revision>[A-Za-z0-9._/-]+))?");
  private static final Pattern QUANTIZED =
      Pattern.compile("(?<source>.+)" + Quantized.MARK + "(?<recipe>[a-z0-9_]{1,16})");
  // Package names and versions as PEP 508 and PEP 440 write them; the first character keeps them
  // from being an option of pip.
  private static final Pattern PACKAGE_FILE =
      Pattern.compile(
          "(?<project>[A-Za-z0-9][A-Za-z0-9._-]*)==(?<version>[A-Za-z0-9][A-Za-z0-9.!+_-]*)/(?<file>.+)");
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9][a-z0-9._-]*(?::[a-z0-9][a-z0-9._-]*)?");

  private ReferenceParser() {}

  static ModelReference parse(String text) {
    String trimmed = text.strip();
    if (trimmed.isEmpty()) {
      throw new InvalidReferenceException(
          "The model's name is empty; write one such as qwen2.5-coder:0.5b.");
    }
    if (trimmed.length() > ModelReference.LENGTH_MAX) {
      throw new InvalidReferenceException(
          "The model's name has "
              + trimmed.length()
              + " characters; at most "
              + ModelReference.LENGTH_MAX
              + " are allowed.");
    }
    if (trimmed.chars().anyMatch(Character::isISOControl)) {
      throw new InvalidReferenceException(
          "The model's name contains a control character; remove it.");
    }
    Matcher quantized = QUANTIZED.matcher(trimmed);
    if (quantized.matches()) {
      return quantized(trimmed, quantized);
    }
    Matcher scheme = SCHEME.matcher(trimmed);
    if (scheme.matches()) {
      return withScheme(trimmed, scheme.group(1).toLowerCase(Locale.ROOT), scheme.group(2));
    }
    if (looksLikePath(trimmed)) {
      return localFile(text); // As it is written: a name may end in a blank.
    }
    String name = trimmed.toLowerCase(Locale.ROOT);
    if (!NAME.matcher(name).matches()) {
      throw new InvalidReferenceException(
          "'"
              + trimmed
              + "' is not a model's name; write one such as qwen2.5-coder:0.5b, an address such as"
              + " hf://org/repo/file.gguf, or a path with a slash in it.");
    }
    return new Named(name);
  }

  private static Quantized quantized(String text, Matcher matcher) {
    ModelReference source = parse(matcher.group("source"));
    if (source instanceof Quantized) {
      throw new InvalidReferenceException("'" + text + "' is quantised twice; once is enough.");
    }
    return new Quantized(source, matcher.group("recipe"));
  }

  private static ModelReference withScheme(String text, String scheme, String rest) {
    return switch (scheme) {
      case "hf", "huggingface" -> hub(text, Hub.HUGGING_FACE, rest);
      case "modelscope" -> hub(text, Hub.MODELSCOPE, rest);
      case "pypi" -> packageFile(text, rest);
      case "file" -> fileUri(text);
      default ->
          throw new InvalidReferenceException(
              "'"
                  + text
                  + "' starts with "
                  + scheme
                  + "://, which is none of hf://, modelscope://, pypi:// and file://.");
    };
  }

  private static ModelReference hub(String text, Hub hub, String rest) {
    Matcher whole = HUB_REPOSITORY.matcher(rest);
    if (!whole.matches()) {
      return hubFile(text, hub, rest);
    }
    return new HubRepository(
        hub, whole.group("repository"), revision(text, hub, whole.group("revision")));
  }

  private static String revision(String text, Hub hub, @Nullable String revision) {
    if (revision != null && !isPlainRelativePath(revision)) {
      throw new InvalidReferenceException(
          "'" + text + "' has a revision that is not a branch, tag or commit.");
    }
    return revision == null ? hub.defaultRevision() : revision;
  }

  private static HubFile hubFile(String text, Hub hub, String rest) {
    Matcher matcher = HUB_FILE.matcher(rest);
    if (!matcher.matches() || !isPlainRelativePath(matcher.group("file"))) {
      throw new InvalidReferenceException(
          "'"
              + text
              + "' does not name a model on a hub; write "
              + hub.scheme()
              + "://org/repo or "
              + hub.scheme()
              + "://org/repo/file.gguf, with @revision"
              + " behind it where another than "
              + hub.defaultRevision()
              + " is meant.");
    }
    return new HubFile(
        hub,
        matcher.group("repository"),
        matcher.group("file"),
        revision(text, hub, matcher.group("revision")));
  }

  private static PackageFile packageFile(String text, String rest) {
    Matcher matcher = PACKAGE_FILE.matcher(rest);
    if (!matcher.matches() || !isPlainRelativePath(matcher.group("file"))) {
      throw new InvalidReferenceException(
          "'"
              + text
              + "' does not name a file in a Python package; write pypi://package==version/path/in/the/wheel.");
    }
    return new PackageFile(
        matcher.group("project"), matcher.group("version"), matcher.group("file"));
  }

  private static LocalFile fileUri(String text) {
    try {
      return new LocalFile(Path.of(URI.create(text)).toAbsolutePath().normalize());
    } catch (IllegalArgumentException | FileSystemNotFoundException e) {
      throw new InvalidReferenceException(
          "'"
              + text
              + "' is not a file's address; write file:///absolute/path, with %20 for a space, or just the path.");
    }
  }

  private static LocalFile localFile(String text) {
    try {
      return new LocalFile(Path.of(text).toAbsolutePath().normalize());
    } catch (InvalidPathException e) {
      throw new InvalidReferenceException("'" + text + "' is not a path: " + e.getReason() + ".");
    }
  }

  private static boolean looksLikePath(String text) {
    return text.indexOf('/') >= 0
        || text.indexOf('\\') >= 0
        || text.startsWith(".")
        || text.toLowerCase(Locale.ROOT).endsWith(".gguf");
  }

  /**
   * Neither absolute nor with an empty, "." or ".." step, so that it can't climb out of where it is
   * put.
   */
  private static boolean isPlainRelativePath(String path) {
    for (String step : path.split("/", -1)) {
      if (step.isEmpty() || step.equals(".") || step.equals("..") || step.indexOf('\\') >= 0) {
        return false;
      }
    }
    return true;
  }
}
