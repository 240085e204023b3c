package io.yuntai.engine.gguf;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells models apart without reading them whole: SHA-256 of all metadata but arrays, of all
 * tensors' names, types, shapes and places, and of the beginnings of tensors spread over the file.
 * Data, unlike headers, differs between fine-tunings everywhere.
 */
public final class ModelIdentity {
  private static final int SAMPLES = 64;
  private static final int SAMPLE_BYTES = 1024;

  private ModelIdentity() {}

  /** 64 hexadecimal digits. */
  public static String of(GgufFile file) {
    MessageDigest digest = sha256();
    StringBuilder text = new StringBuilder(1 << 14);
    for (Map.Entry<String, MetadataValue> entry :
        new TreeMap<>(file.metadata().values()).entrySet()) {
      if (entry.getValue().type() != MetadataType.ARRAY) {
        text.append(entry.getKey()).append('=').append(entry.getValue()).append('\n');
      }
    }
    for (TensorInfo tensor : file.tensors()) {
      text.append(tensor.name()).append(' ').append(tensor.type());
      text.append(' ').append(tensor.shape()).append(' ').append(tensor.offset()).append('\n');
    }
    digest.update(text.toString().getBytes(StandardCharsets.UTF_8));
    sample(file, digest);
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void sample(GgufFile file, MessageDigest digest) {
    int tensors = file.tensors().size();
    int samples = Math.min(SAMPLES, tensors);
    for (int i = 0; i < samples; i++) {
      TensorInfo tensor = file.tensors().get((int) ((long) i * tensors / samples));
      long bytes = Math.min(SAMPLE_BYTES, tensor.data().byteSize());
      digest.update(tensor.data().asSlice(0, bytes).asByteBuffer());
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
