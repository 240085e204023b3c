package io.yuntai.dialect.ollama;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.json.JsonBytes;

/** Errors in Ollama's shape: one sentence. */
public final class OllamaErrors {
  private OllamaErrors() {}

  /** The body of an error; also what stands in a stream that breaks off. */
  public static byte[] encode(ApiError error) {
    return new JsonBytes(128).raw("{\"error\":").text(error.message()).raw("}").toBytes();
  }
}
