package io.yuntai.engine.kernel;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Arrays as native code takes them. Those in use are remembered, so that a step allocates nothing:
 * a model has some hundred (a layer's norms and biases, a batch's rows), and the table has room for
 * many more.
 *
 * <p>Threads may share one: what they overwrite of each other's is made again.
 */
final class HeapArrays {
  private static final int PLACES = 2048;
  private static final int TRIES = 8;

  private final @Nullable HeapArray[] places = new HeapArray[PLACES];

  private record HeapArray(float[] array, MemorySegment segment) {}

  /** The segment of an array. */
  @SuppressWarnings("ReferenceEquality") // the very array is meant
  MemorySegment segment(float[] array) {
    int first = System.identityHashCode(array);
    int place = first;
    for (int i = 0; i < TRIES; i++) {
      place = (first + i) % PLACES;
      HeapArray known = places[place];
      if (known == null) {
        break;
      }
      if (known.array() == array) {
        return known.segment();
      }
    }
    HeapArray added = new HeapArray(array, MemorySegment.ofArray(array));
    places[place] = added; // the first free place, or the last that was looked at
    return added.segment();
  }
}
