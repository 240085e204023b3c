package io.yuntai.ledger.backup;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a backup holds.
 *
 * @param yuntai the version that made it
 * @param created when
 * @param postgresql the version of the server whose tables they were
 * @param schema digest of the tables' definitions; tables go only into such
 * @param tables in the order in which they were read
 * @param partitions parts of tables that must be there before their rows
 * @param sequences the last number each has given
 * @param files of the home
 */
public record Manifest(
    String yuntai,
    Instant created,
    String postgresql,
    String schema,
    List<Table> tables,
    List<Partition> partitions,
    List<Sequence> sequences,
    List<HomeFile> files) {
  static final String ENTRY = "manifest.json";
  private static final int FORMAT = 1;
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

  /** Bounds of times or numbers: nothing that could end a statement and begin another. */
  private static final Pattern BOUNDS =
      Pattern.compile(
          "DEFAULT|FOR VALUES FROM \\('?[-+0-9a-f: .]+'?\\) TO \\('?[-+0-9a-f: .]+'?\\)"
              + "|FOR VALUES IN \\('?[-+0-9a-f: .]+'?\\)"
              + "|FOR VALUES WITH \\(modulus [0-9]+, remainder [0-9]+\\)");

  /**
   * @param columns those that are kept, in the order of a row's values
   * @param bytes of its entry, in PostgreSQL's text format
   * @param sha256 of its entry, in hexadecimal
   */
  public record Table(String name, List<String> columns, long rows, long bytes, String sha256) {
    String entry() {
      return "tables/" + name + ".copy";
    }
  }

  /**
   * @param bounds as PostgreSQL writes them
   */
  public record Partition(String name, String of, String bounds) {}

  /**
   * @param last the last number given, 0 for none
   */
  public record Sequence(String name, long last) {}

  /**
   * @param path below the home, with slashes
   */
  public record HomeFile(String path, long bytes, String sha256) {
    String entry() {
      return "home/" + path;
    }
  }

  /** Copies the lists. */
  public Manifest {
    tables = List.copyOf(tables);
    partitions = List.copyOf(partitions);
    sequences = List.copyOf(sequences);
    files = List.copyOf(files);
  }

  /** Rows of all tables. */
  public long rows() {
    return tables.stream().mapToLong(Table::rows).sum();
  }

  /** Bytes of all entries before they were compressed. */
  public long bytes() {
    return tables.stream().mapToLong(Table::bytes).sum()
        + files.stream().mapToLong(HomeFile::bytes).sum();
  }

  byte[] json() {
    ObjectNode root = JSON.createObjectNode();
    root.put("format", FORMAT)
        .put("yuntai", yuntai)
        .put("created", created.toString())
        .put("postgresql", postgresql)
        .put("schema", schema);
    ArrayNode tableNodes = root.putArray("tables");
    for (Table table : tables) {
      ObjectNode node = tableNodes.addObject().put("name", table.name());
      table.columns().forEach(node.putArray("columns")::add);
      node.put("rows", table.rows()).put("bytes", table.bytes()).put("sha256", table.sha256());
    }
    ArrayNode partitionNodes = root.putArray("partitions");
    for (Partition part : partitions) {
      partitionNodes
          .addObject()
          .put("name", part.name())
          .put("of", part.of())
          .put("bounds", part.bounds());
    }
    ArrayNode sequenceNodes = root.putArray("sequences");
    for (Sequence sequence : sequences) {
      sequenceNodes.addObject().put("name", sequence.name()).put("last", sequence.last());
    }
    ArrayNode fileNodes = root.putArray("files");
    for (HomeFile file : files) {
      fileNodes
          .addObject()
          .put("path", file.path())
          .put("bytes", file.bytes())
          .put("sha256", file.sha256());
    }
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
  }

  /**
   * Reads one. Names and bounds go into statements, so they are checked for what they may be.
   *
   * @throws BackupException when it is not well-formed, or of a later format
   */
  static Manifest of(byte[] json) {
    try {
      JsonNode root = JSON.readTree(json);
      if (root.path("format").asInt(0) != FORMAT) {
        throw new BackupException(
            "This backup is of format "
                + root.path("format").asInt(0)
                + ", and this version reads format "
                + FORMAT
                + " only: use the version of Yuntai that made it, or a newer one.");
      }
      return new Manifest(
          text(root, "yuntai"),
          Instant.parse(text(root, "created")),
          text(root, "postgresql"),
          text(root, "schema"),
          tables(root),
          partitions(root),
          sequences(root),
          files(root));
    } catch (JacksonException | DateTimeException | IllegalArgumentException e) {
      throw new BackupException("The backup's manifest is damaged: " + e.getMessage(), e);
    }
  }

  private static List<Table> tables(JsonNode root) {
    List<Table> tables = new ArrayList<>();
    for (JsonNode node : root.required("tables")) {
      List<String> columns = new ArrayList<>();
      for (JsonNode column : node.required("columns")) {
        columns.add(name(column.stringValue()));
      }
      tables.add(
          new Table(
              name(text(node, "name")),
              List.copyOf(columns),
              count(node, "rows"),
              count(node, "bytes"),
              text(node, "sha256")));
    }
    return tables;
  }

  private static List<Partition> partitions(JsonNode root) {
    List<Partition> partitions = new ArrayList<>();
    for (JsonNode node : root.required("partitions")) {
      String bounds = text(node, "bounds");
      if (!BOUNDS.matcher(bounds).matches()) {
        throw new IllegalArgumentException("'" + bounds + "' are no bounds of a partition");
      }
      partitions.add(new Partition(name(text(node, "name")), name(text(node, "of")), bounds));
    }
    return partitions;
  }

  private static List<Sequence> sequences(JsonNode root) {
    List<Sequence> sequences = new ArrayList<>();
    for (JsonNode node : root.required("sequences")) {
      sequences.add(new Sequence(name(text(node, "name")), count(node, "last")));
    }
    return sequences;
  }

  private static List<HomeFile> files(JsonNode root) {
    List<HomeFile> files = new ArrayList<>();
    for (JsonNode node : root.required("files")) {
      files.add(new HomeFile(text(node, "path"), count(node, "bytes"), text(node, "sha256")));
    }
    return files;
  }

  private static String text(JsonNode node, String field) {
    return node.required(field).stringValue();
  }

  private static long count(JsonNode node, String field) {
    long count = node.required(field).longValue();
    if (count < 0) {
      throw new IllegalArgumentException(field + " is " + count);
    }
    return count;
  }

  private static String name(String text) {
    if (!NAME.matcher(text).matches()) {
      throw new IllegalArgumentException("'" + text + "' is no name of a table or column");
    }
    return text;
  }
}
