package io.yuntai.console.chat.files;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Reads files as text, a few at a time. Safe for use by many threads. */
public final class FileReading {
  /** Longest file. */
  public static final long MAX_BYTES = 20L << 20;

  private static final Duration MOST_TIME = Duration.ofSeconds(30);
  private static final int AT_ONCE = 2;
  private static final int MAX_OUTPUT_BYTES = 2 << 20;

  private static final Set<String> MARKDOWN = Set.of("md", "markdown");
  private static final Set<String> CSV = Set.of("csv", "tsv");
  private static final Set<String> TEXT =
      Set.of(
          ("txt text log json jsonl xml html htm yaml yml toml ini conf properties java py js ts c h cpp"
                  + " hpp cs go rs rb php kt swift scala sh sql css tex rst env gradle lua r m")
              .split(" "));

  private final Semaphore places = new Semaphore(AT_ONCE);

  /**
   * A file's text.
   *
   * @param name without folders
   * @param kind text, markdown, csv, pdf or docx
   * @param pages of a PDF; else 0
   * @param text not empty
   */
  public record ReadFile(String name, String kind, int pages, String text) {}

  /**
   * Reads a file.
   *
   * @param name as the person calls it; its ending says what it is
   * @throws ApiException 400 with a sentence where it can't be read
   */
  public ReadFile read(String name, Path file)
      throws ApiException, IOException, InterruptedException {
    String plain = name.replaceAll("[\\p{Cntrl}/\\\\]", "_").strip();
    String shown = plain.isEmpty() ? "file" : plain.substring(0, Math.min(150, plain.length()));
    String ending = shown.substring(shown.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    if (ending.equals("pdf") || ending.equals("docx")) {
      return structured(shown, ending, file);
    }
    String kind =
        MARKDOWN.contains(ending)
            ? "markdown"
            : CSV.contains(ending) ? "csv" : TEXT.contains(ending) ? "text" : "";
    if (kind.isEmpty()) {
      throw refused("file_kind", shown);
    }
    if (Files.size(file) > MAX_OUTPUT_BYTES) {
      throw refused("file_too_long", shown);
    }
    String text = TextBytes.decode(Files.readAllBytes(file));
    if (text.isEmpty()) {
      throw refused("file_damaged", shown);
    }
    return checked(new ReadFile(shown, kind, 0, text));
  }

  private static ReadFile checked(ReadFile file) throws ApiException {
    if (file.text().isBlank()) {
      throw refused("file_no_text", file.name());
    }
    if (file.text().length() > FileText.MAX_CHARS) {
      throw refused("file_too_long", file.name());
    }
    return file;
  }

  private ReadFile structured(String name, String kind, Path file)
      throws ApiException, IOException, InterruptedException {
    if (!places.tryAcquire(MOST_TIME.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new ApiException(ApiError.tooMany("Other files are being read: try again shortly.", 5));
    }
    Process process = null;
    try {
      process = start(kind, file);
      Process started = process;
      Thread end = Thread.ofVirtual().name("file-reading-end").start(() -> endInTime(started));
      byte[] output;
      try (InputStream out = process.getInputStream()) {
        output = out.readNBytes(MAX_OUTPUT_BYTES);
      }
      boolean ended = process.waitFor(MOST_TIME.toMillis(), TimeUnit.MILLISECONDS);
      end.interrupt();
      return result(name, kind, ended ? process.exitValue() : -1, output);
    } finally {
      if (process != null) {
        process.destroyForcibly();
      }
      places.release();
    }
  }

  /** Reading from it ends, too, when it does. */
  private static void endInTime(Process process) {
    try {
      if (!process.waitFor(MOST_TIME.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static Process start(String kind, Path file) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djava.awt.headless=true",
            "-cp",
            System.getProperty("java.class.path"),
            FileText.class.getName(),
            kind,
            file.toAbsolutePath().toString());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    process.getOutputStream().close();
    return process;
  }

  private static ReadFile result(String name, String kind, int exit, byte[] output)
      throws ApiException {
    String said = new String(output, StandardCharsets.UTF_8);
    int line = said.indexOf('\n');
    if (exit == FileText.REFUSED) {
      throw refused(said.strip(), name);
    }
    if (exit != 0 || line < 0 || !said.substring(0, line).matches("[0-9]{1,6}")) {
      // It was killed, or ran out of memory.
      throw refused("file_damaged", name);
    }
    int pages = Integer.parseInt(said.substring(0, line));
    return checked(new ReadFile(name, kind, pages, said.substring(line + 1)));
  }

  private static ApiException refused(String code, String name) {
    String sentence =
        switch (code) {
          case "file_kind" ->
              "'%s' is of a kind that can't be read here: attach text, Markdown, CSV, PDF or DOCX.";
          case "file_too_long" ->
              "'%s' holds more than %d characters or %d pages, more than a message may carry: attach a part of it."
                  .formatted("%s", FileText.MAX_CHARS, FileText.MAX_PAGES);
          case "file_no_text" ->
              "'%s' has no text that can be read; a scanned page is a picture: attach the text itself.";
          case "file_locked" -> "'%s' is protected by a password: attach a copy without one.";
          default ->
              "'%s' can't be read: it is damaged, or not what its name says. Save it again and attach that.";
        };
    String known =
        Set.of("file_kind", "file_too_long", "file_no_text", "file_locked").contains(code)
            ? code
            : "file_damaged";
    return new ApiException(ApiError.invalidField(known, "file", sentence.formatted(name)));
  }
}
