package io.yuntai.console.asset;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Files that pages load. They lie in one folder named by what is in all of them, so scripts can
 * name each other by relative paths and browsers may keep them for ever: another version of any is
 * another folder. Safe for use by many threads.
 */
public final class Assets {
  /** Folder of the folder. */
  public static final String ROOT = "/console/assets/";

  private static final int NAME_HEX_DIGITS = 16;

  private final String folder;
  private final Map<String, Asset> files;
  private final Map<String, byte[]> gzipped = new ConcurrentHashMap<>();

  /**
   * A file.
   *
   * @param type of its content
   * @param content all of it
   */
  public record Asset(String type, byte[] content) {}

  private Assets(String folder, Map<String, Asset> files) {
    this.folder = folder;
    this.files = files;
  }

  /**
   * Where files come from.
   *
   * @param owner in whose package's folder {@code assets} they lie
   * @param names theirs
   */
  public record Source(Class<?> owner, List<String> names) {}

  /**
   * Reads them.
   *
   * @throws IllegalStateException when one is missing, or there twice
   */
  public static Assets load(List<Source> sources) {
    Map<String, Asset> files = new TreeMap<>();
    MessageDigest digest = sha256();
    for (Source source : sources) {
      for (String name : source.names()) {
        if (files.put(name, new Asset(type(name), read(source.owner(), name))) != null) {
          throw new IllegalStateException("the asset " + name + " is there twice");
        }
      }
    }
    files.forEach((name, asset) -> {
      digest.update(name.getBytes(StandardCharsets.UTF_8));
      digest.update(asset.content());
    });
    String hash = HexFormat.of().formatHex(digest.digest()).substring(0, NAME_HEX_DIGITS);
    return new Assets(ROOT + hash + "/", files);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static byte[] read(Class<?> owner, String name) {
    try (InputStream in = owner.getResourceAsStream("assets/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the asset " + name + " is missing from the jar");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String type(String name) {
    return switch (name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT)) {
      case "css" -> "text/css; charset=utf-8";
      case "js" -> "text/javascript; charset=utf-8";
      case "svg" -> "image/svg+xml";
      case "png" -> "image/png";
      case "woff2" -> "font/woff2";
      default -> throw new IllegalStateException("what kind of asset is " + name + "?");
    };
  }

  /** The folder's path, which changes when any file does. */
  public String folder() {
    return folder;
  }

  /** All names. */
  public List<String> names() {
    return List.copyOf(files.keySet());
  }

  /**
   * The address of a file.
   *
   * @throws IllegalArgumentException when there is none of this name
   */
  public String path(String name) {
    if (!files.containsKey(name)) {
      throw new IllegalArgumentException("no asset " + name);
    }
    return folder + name;
  }

  /** The file at an address; empty for another version's too. */
  public Optional<Asset> at(String path) {
    return path.startsWith(folder)
        ? Optional.ofNullable(files.get(path.substring(folder.length())))
        : Optional.empty();
  }

  /** The file at an address, made shorter; empty where that doesn't make it shorter. */
  public Optional<byte[]> gzipped(String path) {
    return at(path)
        .filter(asset -> asset.type().startsWith("text/") || asset.type().endsWith("+xml"))
        .map(asset -> gzipped.computeIfAbsent(path, _ -> gzip(asset.content(), 9)));
  }

  /**
   * Bytes made shorter.
   *
   * @param level 1 to 9
   */
  public static byte[] gzip(byte[] content, int level) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(content.length / 3 + 64);
    try (GZIPOutputStream gzip = new Leveled(out, level)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static final class Leveled extends GZIPOutputStream {
    Leveled(ByteArrayOutputStream out, int level) throws IOException {
      super(out);
      def.setLevel(Math.clamp(level, Deflater.BEST_SPEED, Deflater.BEST_COMPRESSION));
    }
  }
}
