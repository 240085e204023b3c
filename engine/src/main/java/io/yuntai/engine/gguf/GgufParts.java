package io.yuntai.engine.gguf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of models in several files: {@code NAME-00001-of-00003.gguf} and so on, as llama.cpp's
 * gguf-split makes them. The first holds all metadata; each holds some of the tensors.
 */
public final class GgufParts {
  static final int MAX_PARTS = 1024;

  private static final Pattern NAME = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf");

  private GgufParts() {}

  /**
   * The files of a model, as far as they are there: the one given, and its siblings if it has any.
   */
  public static List<Path> of(Path file) {
    Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
    int count = name.matches() ? Integer.parseInt(name.group(3)) : 1;
    if (count < 2 || count > MAX_PARTS) {
      return List.of(file);
    }
    List<Path> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Path part = part(file, i, count);
      if (Files.isRegularFile(part)) {
        parts.add(part);
      }
    }
    return parts;
  }

  /** The sibling of a part, or itself: number {@code index} from 0 of {@code count}. */
  static Path part(Path file, int index, int count) {
    Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
    String stem = name.matches() ? name.group(1) : String.valueOf(file.getFileName());
    return file.resolveSibling("%s-%05d-of-%05d.gguf".formatted(stem, index + 1, count));
  }
}
