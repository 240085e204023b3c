package io.yuntai.engine.gguf;

import java.io.IOException;
import java.io.OutputStream;

/** Produces one tensor's bytes when its turn to be written comes. */
@FunctionalInterface
public interface TensorSource {
  /**
   * Writes exactly the bytes that the tensor's type and shape say.
   *
   * @param target where to; must not be closed here
   */
  void writeTo(OutputStream target) throws IOException;
}
