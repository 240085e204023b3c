package io.yuntai.models.catalog;

import io.yuntai.models.catalog.ModelReference.HubFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of models in several files: {@code NAME-00001-of-00003.gguf} and so on. Each part has a
 * header of its own; the first stands for all.
 */
public final class SplitFiles {
  private static final int FILES_MAX = 1024;
  private static final Pattern NAME = Pattern.compile("(.*-)(\\d{5,6})(-of-)(\\d{5,6})(\\.[a-z]+)");

  private SplitFiles() {}

  /**
   * All files of the model to which a file belongs, the first one first; the file alone where its
   * name has no number.
   *
   * @throws InvalidReferenceException where the name counts more files than any model has, or none
   */
  public static List<HubFile> of(HubFile any) {
    Matcher name = NAME.matcher(any.file());
    if (!name.matches()) {
      return List.of(any);
    }
    int count = Integer.parseInt(name.group(4));
    int number = Integer.parseInt(name.group(2));
    if (count < 1 || count > FILES_MAX || number < 1 || number > count) {
      throw new InvalidReferenceException(
          "'%s' is not one of 1 to %d files of a model.".formatted(any.text(), FILES_MAX));
    }
    String format = "%0" + name.group(2).length() + "d";
    List<HubFile> files = new ArrayList<>(count);
    for (int i = 1; i <= count; i++) {
      String part = String.format(Locale.ROOT, format, i);
      String file = name.group(1) + part + name.group(3) + name.group(4) + name.group(5);
      files.add(new HubFile(any.hub(), any.repository(), file, any.revision()));
    }
    return files;
  }

  /**
   * What the parts of a model are called on disk.
   *
   * @param fileName what the model's file would be called, or its first part's name
   * @param count how many parts there are; for one, the name stays
   */
  public static List<String> names(String fileName, int count) {
    if (count == 1) {
      return List.of(fileName);
    }
    Matcher name = NAME.matcher(fileName);
    String stem =
        name.matches()
            ? name.group(1)
            : fileName.substring(0, fileName.length() - ".gguf".length()) + "-";
    List<String> names = new ArrayList<>(count);
    for (int i = 1; i <= count; i++) {
      names.add(String.format(Locale.ROOT, "%s%05d-of-%05d.gguf", stem, i, count));
    }
    return names;
  }

  /** How many files a model on disk has, by its first one's name. */
  public static int count(String fileName) {
    Matcher name = NAME.matcher(fileName);
    return name.matches() ? Math.clamp(Integer.parseInt(name.group(4)), 1, FILES_MAX) : 1;
  }
}
