package io.yuntai.server.files;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** All files of a server. Safe for use by many threads; one process may use a folder at a time. */
public final class FileStore {
  /** Longest file that may be uploaded. */
  public static final long FILE_BYTES_MAX = 512L << 20;

  private static final long OWNER_BYTES_MAX = 10L << 30;
  private static final int OWNER_FILES_MAX = 10_000;

  /** What a full disk must keep for everything else. */
  private static final long FREE_BYTES_MIN = 256L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(FileStore.class);
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern ID = Pattern.compile("file-[0-9a-f]{32}");
  private static final String INCOMING = ".incoming";
  private static final int ID_BYTES = 16;

  private final Path folder;
  private final RandomGenerator random;
  private final InstantSource clock;
  private final Map<String, StoredFile> files = new ConcurrentHashMap<>();

  /**
   * Opens a folder; makes it where there is none, and clears what a killed process left half made.
   *
   * @param random source of ids, not to be guessed
   * @throws IOException when the folder can't be read or written
   */
  public FileStore(Path folder, RandomGenerator random, InstantSource clock) throws IOException {
    this.folder = folder;
    this.random = random;
    this.clock = clock;
    Files.createDirectories(folder);
    delete(folder.resolve(INCOMING));
    Files.createDirectories(folder.resolve(INCOMING));
    try (Stream<Path> all = Files.list(folder)) {
      for (Path each : all.filter(path -> ID.matcher(name(path)).matches()).toList()) {
        read(each).ifPresent(file -> files.put(file.id(), file));
      }
    }
  }

  private static Optional<StoredFile> read(Path each) {
    try {
      return Optional.of(
          JSON.readValue(Files.readAllBytes(each.resolve("file.json")), StoredFile.class));
    } catch (IOException | JacksonException e) {
      LOG.warn("{} can't be read and is left out", each, e);
      return Optional.empty();
    }
  }

  /** A new file's id. */
  public String newId() {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    return "file-" + HexFormat.of().formatHex(id);
  }

  /** A folder for what is being uploaded; whatever is left in it goes at the next start. */
  public Path incoming() {
    return folder.resolve(INCOMING);
  }

  /**
   * Refuses what the owner has no room for, before it is read.
   *
   * @throws ApiException 400 naming the bound that is met, or 507 where the disk is full
   */
  public void requireRoom(String owner, long bytes) throws ApiException {
    List<StoredFile> own = list(owner);
    long used = own.stream().mapToLong(StoredFile::bytes).sum();
    if (own.size() >= OWNER_FILES_MAX) {
      throw full("You have %,d files, as many as one key may.".formatted(own.size()));
    }
    if (used + bytes > OWNER_BYTES_MAX) {
      throw full("You have %,d bytes in files and may have %,d.".formatted(used, OWNER_BYTES_MAX));
    }
    try {
      if (Files.getFileStore(folder).getUsableSpace() - bytes < FREE_BYTES_MIN) {
        throw new ApiException(
            ApiError.unavailable("disk_full", "The server's disk is full; ask its operator.", 60));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ApiException full(String sentence) {
    return new ApiException(
        ApiError.invalidRequest(400, "file_quota_exceeded", sentence + " Delete some first."));
  }

  /**
   * Takes a file in.
   *
   * @param file with an id from {@link #newId}; where it is here already it stays as it is
   * @param content of the same file system; gone from there afterwards
   */
  public StoredFile add(StoredFile file, Path content) {
    StoredFile known = files.get(file.id());
    if (known != null) {
      return known;
    }
    try {
      Path made = Files.createDirectory(folder.resolve(INCOMING).resolve(file.id()));
      Files.write(made.resolve("file.json"), JSON.writeValueAsBytes(file));
      Files.move(content, made.resolve("content"), StandardCopyOption.ATOMIC_MOVE);
      Files.move(made, folder.resolve(file.id()), StandardCopyOption.ATOMIC_MOVE);
      files.put(file.id(), file);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An owner's file. */
  public Optional<StoredFile> find(String owner, String id) {
    return Optional.ofNullable(files.get(id))
        .filter(file -> file.owner().equals(owner) && !gone(file));
  }

  /** An owner's files, the newest first. */
  public List<StoredFile> list(String owner) {
    return files.values().stream()
        .filter(file -> file.owner().equals(owner) && !gone(file))
        .sorted(
            Comparator.comparingLong(StoredFile::createdAt)
                .reversed()
                .thenComparing(StoredFile::id))
        .toList();
  }

  private boolean gone(StoredFile file) {
    boolean expired = file.isExpired(clock.instant());
    if (expired) {
      delete(file);
    }
    return expired;
  }

  /** Where a file's content lies. */
  public Path content(StoredFile file) {
    return folder.resolve(file.id()).resolve("content");
  }

  /** Deletes a file. Whoever reads it can read on. */
  public void delete(StoredFile file) {
    if (files.remove(file.id()) == null) {
      return;
    }
    try {
      // Out of the way in one step, or a killed process would leave half of it.
      Path doomed = folder.resolve(INCOMING).resolve(file.id());
      Files.move(folder.resolve(file.id()), doomed, StandardCopyOption.ATOMIC_MOVE);
      delete(doomed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> all = Files.walk(path)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    }
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }
}
