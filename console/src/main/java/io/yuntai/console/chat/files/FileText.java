package io.yuntai.console.chat.files;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The program that reads one file: {@code FileText KIND PATH}. It writes the number of pages and a
 * line break, then the text; or exits with {@link #REFUSED} and says why in a word.
 */
public final class FileText {
  /** Longest text, in characters. */
  static final int MAX_CHARS = 400_000;

  /** Most pages of a PDF. */
  static final int MAX_PAGES = 1_000;

  /** Exit status of a file that is not read for a reason that has a name. */
  static final int REFUSED = 3;

  private FileText() {}

  /**
   * What was read.
   *
   * @param pages 0 where there are none
   */
  record Read(int pages, String text) {}

  /** Why a file is not read, as a word. */
  static final class RefusedFileException extends Exception {
    private static final long serialVersionUID = 1;

    RefusedFileException(String code) {
      super(code);
    }
  }

  /** Runs it. */
  public static void main(String[] arguments) {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    int status = 0;
    try {
      Path file = Path.of(arguments[1]);
      Read read = arguments[0].equals("pdf") ? PdfText.read(file) : DocxText.read(file);
      out.print(read.pages() + "\n" + read.text());
    } catch (RefusedFileException e) {
      out.print(e.getMessage());
      status = REFUSED;
    } catch (IOException | RuntimeException _) {
      out.print("file_damaged");
      status = REFUSED;
    }
    out.flush();
    System.exit(status);
  }
}
