package io.yuntai.models.wheel;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Makes wheels with one data file, as a package's author would build them (PEP 427). */
public final class Wheels {
  private Wheels() {}

  public static Path write(Path folder, String project, String version, String member, byte[] data)
      throws IOException {
    return write(folder, project, version, Map.of(member, data));
  }

  public static Path write(Path folder, String project, String version, Map<String, byte[]> members)
      throws IOException {
    String name = project.replace('-', '_');
    String info = name + "-" + version + ".dist-info/";
    Path wheel = folder.resolve(name + "-" + version + "-py3-none-any.whl");
    try (OutputStream out = Files.newOutputStream(wheel);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      entry(zip, name + "/__init__.py", new byte[0]);
      for (Map.Entry<String, byte[]> member : members.entrySet()) {
        entry(zip, member.getKey(), member.getValue());
      }
      entry(
          zip,
          info + "METADATA",
          text("Metadata-Version: 2.1\nName: " + project + "\nVersion: " + version + "\n"));
      entry(
          zip,
          info + "WHEEL",
          text("Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"));
      entry(zip, info + "RECORD", new byte[0]);
    }
    return wheel;
  }

  private static void entry(ZipOutputStream zip, String name, byte[] data) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(data);
    zip.closeEntry();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
