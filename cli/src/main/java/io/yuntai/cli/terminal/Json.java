package io.yuntai.cli.terminal;

import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON on the command line: one document, in one line, fields in the order in which they are made.
 */
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().disable(JsonWriteFeature.ESCAPE_FORWARD_SLASHES).build();

  private Json() {}

  /** Records, maps, lists and arrays as text. */
  public static String text(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /** The same over several lines, for people. */
  public static String pretty(Object value) {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n";
  }

  /**
   * Reads a document.
   *
   * @param what names the text in the error, such as {@code stdin}
   * @throws CommandException (usage) when it is not JSON or of another kind
   */
  public static <T> T read(String text, Class<T> type, String what) {
    try {
      T value = MAPPER.readValue(text, type);
      if (value == null) {
        throw new CommandException(ExitCode.USAGE, what + " holds null.");
      }
      return value;
    } catch (JacksonException e) {
      throw new CommandException(
          ExitCode.USAGE, what + " is not the JSON expected: " + e.getOriginalMessage(), e);
    }
  }
}
