package io.yuntai.server.routes;

import io.yuntai.server.upstream.Credential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** A file with one key, which nobody but its owner may read. */
final class KeyFile {
  private static final int MAX_BYTES = 16 << 10;

  private static final Set<PosixFilePermission> FORBIDDEN =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private KeyFile() {}

  /**
   * Reads a key.
   *
   * @throws IllegalArgumentException with a sentence without the key
   */
  static Credential read(Path file) {
    try {
      if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (permissions.stream().anyMatch(FORBIDDEN::contains)) {
          throw new IllegalArgumentException(
              "the file %s may be read or changed by others (%s); run chmod 600 on it"
                  .formatted(file, PosixFilePermissions.toString(permissions)));
        }
      }
      if (Files.size(file) > MAX_BYTES) {
        throw new IllegalArgumentException("the file %s is too long for a key".formatted(file));
      }
      return Credential.of(Files.readString(file).strip());
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("there is no file " + file, e);
    } catch (IOException e) {
      throw new IllegalArgumentException("the file %s can't be read: %s".formatted(file, e), e);
    }
  }
}
