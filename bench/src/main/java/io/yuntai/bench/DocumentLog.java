package io.yuntai.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Generated documents, in a file with one a line, so that a long run may be made in several
 * sittings. A line that was cut off by the end of a sitting is left out. Safe for use by many
 * threads.
 */
final class DocumentLog {
  private static final JsonMapper JSON = new JsonMapper();

  /**
   * One document.
   *
   * @param run what made it: model, seed and longest answer
   * @param number from 0
   * @param ids its tokens
   * @param finished whether the model came to its end
   */
  record Document(String run, int number, String text, List<Integer> ids, boolean finished) {
    /** Copies the ids. */
    Document {
      ids = List.copyOf(ids);
    }
  }

  private final @Nullable Path file;
  private final String run;
  private final TreeMap<Integer, Document> documents = new TreeMap<>();

  /**
   * @param file null to keep nothing
   * @param run documents of any other are an error
   */
  DocumentLog(@Nullable Path file, String run) throws IOException {
    this.file = file;
    this.run = run;
    if (file == null || !Files.exists(file)) {
      return;
    }
    for (String line : Files.readAllLines(file)) {
      Document document = read(line);
      if (document == null) {
        continue;
      }
      if (!document.run.equals(run)) {
        throw new BenchException(
            "%s holds documents of another run (%s, not %s); name another file"
                .formatted(file, document.run, run));
      }
      documents.put(document.number, document);
    }
  }

  private static @Nullable Document read(String line) {
    try {
      JsonNode node = JSON.readTree(line);
      List<Integer> ids = new ArrayList<>();
      node.required("ids").values().forEach(id -> ids.add(id.intValue()));
      return new Document(
          node.required("run").stringValue(),
          node.required("number").intValue(),
          node.required("text").stringValue(),
          ids,
          node.required("finished").booleanValue());
    } catch (JacksonException _) {
      return null;
    }
  }

  /** What makes these documents. */
  String run() {
    return run;
  }

  synchronized boolean has(int number) {
    return documents.containsKey(number);
  }

  synchronized void add(Document document) {
    documents.put(document.number, document);
    if (file == null) {
      return;
    }
    try {
      // A line of its own even after one that was cut off.
      Files.writeString(
          file,
          "\n" + JSON.writeValueAsString(document) + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new BenchException(file + " can't be written: " + e.getMessage() + ".", e);
    }
  }

  /** All there are, by number. */
  synchronized Collection<Document> documents() {
    return List.copyOf(documents.values());
  }
}
