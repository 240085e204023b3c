package io.yuntai.planner;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Something that a plan was given can't be; the message is a sentence that says how to mend it. */
public final class PlannerException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final @Nullable String cell;
  private final @Nullable String part;

  /**
   * @param sentence names the value at fault, and the mend
   */
  public PlannerException(String sentence) {
    super(sentence);
    cell = null;
    part = null;
  }

  /**
   * Of a cell of a plan's inputs, so that who read it from a file can tell its place.
   *
   * @param cell as {@code chips.h20.price}
   * @param part of the cell that is at fault: a name in a list or table; null for all of it
   * @param sentence names the cell as it is called here, what is wrong, and the mend
   */
  public PlannerException(String cell, @Nullable String part, String sentence) {
    super(sentence);
    this.cell = cell;
    this.part = part;
  }

  /** The cell at fault; null where none is told. */
  public @Nullable String cell() {
    return cell;
  }

  /** The name in the cell that is at fault; null where it is all of it. */
  public @Nullable String part() {
    return part;
  }

  /** For a file or folder that could not be read. */
  public static PlannerException unreadable(Path path, IOException failure) {
    String why =
        switch (failure) {
          case NoSuchFileException _ -> " is not there; look for its name and folder.";
          case AccessDeniedException _ -> " may not be read by you; change its permissions.";
          default ->
              Files.isDirectory(path)
                  ? " is a folder; name a file in it."
                  : " can't be read: %s.".formatted(failure.getMessage());
        };
    return new PlannerException(path + why);
  }

  /** For the user: what is wrong, and the mend. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
