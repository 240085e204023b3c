package io.yuntai.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The adapters that a home remembers, so that each server loads them: the file {@code
 * adapters.json}. Adapters' own files stay where they are.
 */
public final class AdapterBook {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_ENTRIES = 1000;

  private final Path file;

  /**
   * An adapter.
   *
   * @param base the model that it belongs to
   * @param name its own name
   * @param path its file or folder, absolute
   */
  public record Entry(String base, String name, String path) {
    /** What requests call it. */
    public String model() {
      return base + ":" + name;
    }
  }

  /** The book of a home. */
  public AdapterBook(HomeDirectory home) {
    this.file = home.path().resolve("adapters.json");
  }

  /**
   * All of them, in the order in which they came.
   *
   * @throws StartException when the file can't be read
   */
  public List<Entry> entries() {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new StartException(file + " is too large; remove it and load your adapters again.");
      }
      return List.of(JSON.readValue(Files.readAllBytes(file), Entry[].class));
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException | JacksonException | NullPointerException e) {
      throw new StartException(
          file + " can't be read (" + e + "): remove it and load your adapters again.", e);
    }
  }

  /** The adapter that requests call so. */
  public Optional<Entry> find(String model) {
    return entries().stream().filter(entry -> entry.model().equals(model)).findFirst();
  }

  /**
   * Remembers an adapter, in the place of one that has its name.
   *
   * @throws StartException when the file can't be written
   */
  public void put(Entry entry) {
    List<Entry> all = without(entry.model());
    if (all.size() >= MAX_ENTRIES) {
      throw new StartException(
          "The home remembers %d adapters, as many as are allowed; unload some."
              .formatted(all.size()));
    }
    all.add(entry);
    write(all);
  }

  /**
   * Forgets an adapter.
   *
   * @return whether there was one
   * @throws StartException when the file can't be written
   */
  public boolean remove(String model) {
    List<Entry> rest = without(model);
    boolean found = rest.size() < entries().size();
    if (found) {
      write(rest);
    }
    return found;
  }

  private List<Entry> without(String model) {
    List<Entry> all = new ArrayList<>(entries());
    all.removeIf(entry -> entry.model().equals(model));
    return all;
  }

  private void write(List<Entry> entries) {
    Path draft = file.resolveSibling("adapters.json.new");
    try {
      Files.write(draft, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(entries));
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new StartException(file + " can't be written: " + e, e);
    }
  }
}
