package io.yuntai.planner;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Something that a plan was given can't be; the message is a sentence that says how to mend it. */
public final class PlannerException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param sentence names the value at fault, and the mend
   */
  public PlannerException(String sentence) {
    super(sentence);
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
