package io.yuntai.engine;

import io.yuntai.engine.adapter.AdapterFile;
import io.yuntai.engine.decoder.Adapter;
import io.yuntai.engine.decoder.Decoder;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The adapters of an engine, by name; loaded and unloaded while it answers. Safe for use by many
 * threads.
 *
 * <p>Each generation holds the adapter that answers it, so that unloading takes the name away at
 * once and the memory with the last of these generations.
 */
public final class Adapters {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private final Decoder decoder;
  private final AdapterLimits limits;
  private final Map<String, Entry> names = new TreeMap<>();

  /** All that take memory, or are about to: those with a name and those that still answer. */
  private final Set<Entry> entries = new HashSet<>();

  private long nextId = 1;
  private boolean closed;

  /**
   * What a loaded adapter is and does.
   *
   * @param name how requests call it
   * @param bytes memory that it takes
   * @param running generations that it answers, or that wait
   */
  public record Loaded(String name, long bytes, int running) {}

  /** A generation's hold on its adapter. */
  public interface Lease extends AutoCloseable {
    /** Of a generation that no adapter answers. */
    Lease NONE =
        new Lease() {
          @Override
          public Adapter adapter() {
            return Adapter.NONE;
          }

          @Override
          public long id() {
            return 0;
          }

          @Override
          public void close() {}
        };

    /** What its tokens go through. */
    Adapter adapter();

    /** Never another adapter's, also when that has the same name later; 0 for none. */
    long id();

    /** Lets the adapter go; without effect the second time. */
    @Override
    void close();
  }

  private final class Entry {
    private final String name;
    private final long id;
    private final long bytes;
    private Adapter adapter = Adapter.NONE;
    private boolean loading = true;
    private int running;

    Entry(String name, long id, long bytes) {
      this.name = name;
      this.id = id;
      this.bytes = bytes;
    }

    /** Gives the memory back where nobody can ask for it any more. */
    private void closeIfUnused() {
      if (running == 0 && names.get(name) != this && entries.remove(this)) {
        adapter.close();
      }
    }
  }

  private final class Held implements Lease {
    private final Entry entry;
    private boolean held = true;

    Held(Entry entry) {
      this.entry = entry;
    }

    @Override
    public Adapter adapter() {
      return entry.adapter;
    }

    @Override
    public long id() {
      return entry.id;
    }

    @Override
    public void close() {
      synchronized (Adapters.this) {
        if (held) {
          held = false;
          entry.running--;
          entry.closeIfUnused();
        }
      }
    }
  }

  /**
   * @param decoder the model
   * @param limits how many there may be
   */
  public Adapters(Decoder decoder, AdapterLimits limits) {
    this.decoder = decoder;
    this.limits = limits;
  }

  /**
   * Checks a name, as {@link #load} does.
   *
   * @throws AdapterException where it is none for an adapter
   */
  public static void checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new AdapterException(
          "an adapter's name has 1 to 64 letters, digits, dots, hyphens and underscores and begins with a letter or digit, not '%s'"
              .formatted(name.length() > 80 ? name.substring(0, 80) + "..." : name));
    }
  }

  /**
   * Loads an adapter, so that generations may ask for it.
   *
   * @param name how they call it
   * @param path as {@link AdapterFile#open} takes it
   * @throws AdapterException when the name is taken or impossible, a limit is reached, or there is
   *     no such file
   * @throws ModelFormatException when the file is damaged or no adapter for this model
   * @throws NotEnoughMemoryException when it does not fit this machine's memory
   */
  public void load(String name, Path path) {
    checkName(name);
    try (AdapterFile file = AdapterFile.open(path)) {
      load(name, file);
    } catch (NoSuchFileException e) {
      throw new AdapterException("there is no adapter at " + path);
    } catch (IOException e) {
      throw new AdapterException("the adapter " + path + " can't be read: " + e);
    }
  }

  private void load(String name, AdapterFile file) {
    long bytes = decoder.adapterBytes(file);
    long available = MachineMemory.availableBytes();
    if (bytes > available) {
      throw new NotEnoughMemoryException(
          "%s needs %s, but this machine has %s available; unload an adapter or take a smaller one"
              .formatted(file.name(), megabytes(bytes), megabytes(available)));
    }
    Entry entry = reserve(name, bytes);
    boolean loaded = false;
    try {
      Adapter adapter = decoder.load(file);
      loaded = publish(entry, adapter);
    } finally {
      if (!loaded) {
        forget(entry);
      }
    }
  }

  private synchronized Entry reserve(String name, long bytes) {
    requireOpen();
    if (names.containsKey(name)
        || entries.stream().anyMatch(e -> e.loading && e.name.equals(name))) {
      throw new AdapterException(
          "the adapter %s is loaded already; unload it first, or choose another name"
              .formatted(name));
    }
    if (entries.size() >= limits.maxAdapters()) {
      throw new AdapterException(
          "%d adapters are loaded, as many as are allowed; unload one, or allow more with --max-adapters"
              .formatted(entries.size()));
    }
    long held = bytes();
    if (bytes > limits.maxBytes() - held) {
      throw new AdapterException(
          "the adapter %s takes %s, and those that are loaded %s of the %s allowed; unload one, or allow more with --adapter-memory"
              .formatted(name, megabytes(bytes), megabytes(held), megabytes(limits.maxBytes())));
    }
    Entry entry = new Entry(name, nextId++, bytes);
    entries.add(entry);
    return entry;
  }

  private synchronized boolean publish(Entry entry, Adapter adapter) {
    if (closed) {
      adapter.close();
      requireOpen();
    }
    entry.adapter = adapter;
    entry.loading = false;
    names.put(entry.name, entry);
    return true;
  }

  private void requireOpen() {
    if (closed) {
      throw new AdapterException("the model is stopping and loads no adapters");
    }
  }

  private synchronized void forget(Entry entry) {
    entries.remove(entry);
  }

  /**
   * Takes an adapter's name away. Generations that it answers go on.
   *
   * @throws AdapterException when there is none of this name
   */
  public synchronized void unload(String name) {
    Entry entry = names.remove(name);
    if (entry == null) {
      throw new AdapterException("the adapter %s is not loaded".formatted(name));
    }
    entry.closeIfUnused();
  }

  /** Those that generations may ask for, by name. */
  public synchronized List<Loaded> list() {
    return names.values().stream()
        .map(entry -> new Loaded(entry.name, entry.bytes, entry.running))
        .toList();
  }

  /** Memory of all, those included that only finish what they have begun. */
  public synchronized long bytes() {
    return entries.stream().mapToLong(entry -> entry.bytes).sum();
  }

  /**
   * Holds an adapter for a generation.
   *
   * @param name empty for none
   * @throws UnknownAdapterException when there is none of this name
   */
  Lease lease(String name) {
    if (name.isEmpty()) {
      return Lease.NONE;
    }
    synchronized (this) {
      Entry entry = names.get(name);
      if (entry == null) {
        throw new UnknownAdapterException(name);
      }
      entry.running++;
      return new Held(entry);
    }
  }

  /** Takes all away; called where no generation is left. */
  public synchronized void close() {
    closed = true;
    List<Entry> all = List.copyOf(names.values());
    names.clear();
    all.forEach(Entry::closeIfUnused);
  }

  private static String megabytes(long bytes) {
    return bytes < 10_000_000
        ? "%.1f MB".formatted(bytes / 1e6)
        : "%,.0f MB".formatted(bytes / 1e6);
  }
}
