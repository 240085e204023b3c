package io.yuntai.engine.prefix;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

/** Files and folders that only their owner can open, where the file system knows such. */
final class PrivateFiles {
  private static final int SECRET_BYTES = 32;

  private PrivateFiles() {}

  /** Makes a folder where there is none. */
  static void folder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, ownerOnly("rwx------"));
    }
  }

  /** The secret in this file, drawn when it is first asked for. */
  static byte[] secret(Path file) throws IOException {
    if (!Files.exists(file)) {
      byte[] drawn = new byte[SECRET_BYTES];
      new SecureRandom().nextBytes(drawn);
      Path draft = file.resolveSibling(file.getFileName() + ".new");
      Files.deleteIfExists(draft);
      Files.createFile(draft, ownerOnly("rw-------"));
      Files.write(draft, drawn);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }
    byte[] kept = Files.readAllBytes(file);
    if (kept.length != SECRET_BYTES) {
      throw new FileSystemException(
          file.toString(), null, "it does not hold 32 bytes; delete its folder to begin anew");
    }
    return kept;
  }

  private static FileAttribute<?>[] ownerOnly(String permissions) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
