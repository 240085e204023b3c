package io.yuntai.engine.packed;

import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.kernel.PackedMatrix;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * What packed weights are of: the model file, and where each matrix lies in the packed memory.
 *
 * @param source the model file as it was when it was opened
 * @param digest SHA-256 of the layout's version, the tensors, the matrices' places and samples of
 *     the file's content
 * @param dataBytes length of the packed memory
 */
record PackedKey(SourceStamp source, byte[] digest, long dataBytes) {
  /**
   * Bytes read from the model file beyond its size and time, which a copy may share with another
   * model: spread over the file, few enough to cost nothing when the disk is cold.
   */
  private static final int SAMPLES = 32;

  private static final int SAMPLE_BYTES = 512;

  /**
   * @param matrices in the order of their places
   * @param memory which holds them all
   */
  static PackedKey of(
      SourceStamp source, GgufFile file, List<PackedMatrix> matrices, MemorySegment memory) {
    MessageDigest digest = sha256();
    StringBuilder text = new StringBuilder(1 << 14);
    text.append(PackedMatrix.LAYOUT_VERSION).append(' ').append(ByteOrder.nativeOrder());
    for (TensorInfo tensor : file.tensors()) {
      text.append('\n').append(tensor.name()).append(' ').append(tensor.type());
      text.append(' ').append(tensor.shape()).append(' ').append(tensor.offset());
    }
    for (PackedMatrix matrix : matrices) {
      text.append('\n').append(matrix.source().name()).append(' ').append(matrix.form());
      text.append(' ').append(matrix.data().address() - memory.address());
      text.append(' ').append(matrix.data().byteSize());
    }
    digest.update(text.toString().getBytes(StandardCharsets.UTF_8));
    sample(file.tensors(), digest);
    return new PackedKey(source, digest.digest(), memory.byteSize());
  }

  /** The start of tensors, evenly chosen: data, unlike headers, differs between fine-tunings. */
  private static void sample(List<TensorInfo> tensors, MessageDigest digest) {
    int samples = Math.min(SAMPLES, tensors.size());
    for (int i = 0; i < samples; i++) {
      MemorySegment data = tensors.get((int) ((long) i * tensors.size() / samples)).data();
      digest.update(data.asSlice(0, Math.min(SAMPLE_BYTES, data.byteSize())).asByteBuffer());
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
