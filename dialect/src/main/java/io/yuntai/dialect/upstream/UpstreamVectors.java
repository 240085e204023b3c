package io.yuntai.dialect.upstream;

import io.yuntai.dialect.ApiException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Vectors as upstreams write them, read number by number: a tree of them would take many times
 * their size. For one thread.
 */
public final class UpstreamVectors {
  private static final int FIRST_DIMENSIONS = 1024;
  private static final int MAX_DIMENSIONS = 1 << 20;

  private final float[][] rows;

  /**
   * @param expected how many texts were sent
   */
  public UpstreamVectors(int expected) {
    rows = new float[expected][];
  }

  /**
   * A list of objects with {@code embedding}.
   *
   * @param value where the parser stands
   * @param indexName which text's vector it is, such as {@code index}; where it is missing the
   *     place in the list counts
   */
  public void objects(JsonParser json, JsonToken value, String indexName) throws ApiException {
    requireArray(value);
    for (int place = 0; json.nextToken() == JsonToken.START_OBJECT; place++) {
      long index = place;
      float[] vector = {};
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        JsonToken field = json.nextToken();
        if (name.equals(indexName)) {
          index = UpstreamJson.count(json, field);
        } else if (name.equals("embedding")) {
          vector = vector(json, field);
        } else {
          json.skipChildren();
        }
      }
      put(index, vector);
    }
  }

  /**
   * A list of vectors, one for each text.
   *
   * @param value where the parser stands
   */
  public void lists(JsonParser json, JsonToken value) throws ApiException {
    requireArray(value);
    int place = 0;
    for (JsonToken row = json.nextToken(); row != JsonToken.END_ARRAY; row = json.nextToken()) {
      put(place++, vector(json, row));
    }
  }

  private static void requireArray(JsonToken value) throws ApiException {
    if (value != JsonToken.START_ARRAY) {
      throw UpstreamJson.broken("its vectors are not a list");
    }
  }

  private void put(long index, float[] vector) throws ApiException {
    if (index >= rows.length || rows[(int) index] != null) {
      throw UpstreamJson.broken(
          "%d texts were sent, and it has a vector of the text %d too many"
              .formatted(rows.length, index));
    }
    rows[(int) index] = vector;
  }

  /**
   * One for each text.
   *
   * @throws ApiException 502 where one is missing, or of another length than the others
   */
  public List<float[]> complete() throws ApiException {
    List<float[]> vectors = new ArrayList<>(rows.length);
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] == null || rows[i].length == 0) {
        throw UpstreamJson.broken("it has no vector of the text " + i);
      }
      if (rows[i].length != rows[0].length) {
        throw UpstreamJson.broken("its vectors differ in length");
      }
      vectors.add(rows[i]);
    }
    return vectors;
  }

  /** Numbers, or F32 of little-endian order in base64. */
  private static float[] vector(JsonParser json, JsonToken value) throws ApiException {
    if (value == JsonToken.VALUE_STRING) {
      return decoded(json.getString());
    }
    requireArray(value);
    float[] vector = new float[FIRST_DIMENSIONS];
    int size = 0;
    for (JsonToken at = json.nextToken(); at != JsonToken.END_ARRAY; at = json.nextToken()) {
      if (!at.isNumeric() || size == MAX_DIMENSIONS) {
        throw UpstreamJson.broken("a vector holds something else than numbers, or too many");
      }
      if (size == vector.length) {
        vector = Arrays.copyOf(vector, 2 * size);
      }
      vector[size++] = finite(json.getFloatValue());
    }
    return Arrays.copyOf(vector, size);
  }

  private static float[] decoded(String base64) throws ApiException {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException _) {
      throw UpstreamJson.broken("a vector is not base64");
    }
    if (bytes.length % Float.BYTES != 0) {
      throw UpstreamJson.broken("a vector's bytes are not whole numbers of 32 bits");
    }
    float[] vector = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
    for (float element : vector) {
      float _ = finite(element);
    }
    return vector;
  }

  private static float finite(float element) throws ApiException {
    if (!Float.isFinite(element)) {
      throw UpstreamJson.broken("a vector holds a number that is not finite");
    }
    return element;
  }
}
