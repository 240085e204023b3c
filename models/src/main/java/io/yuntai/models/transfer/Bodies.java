package io.yuntai.models.transfer;

import java.io.IOException;
import java.time.Duration;

/** Reading an answer's body, with every way in which that ends told apart. */
final class Bodies {
  private Bodies() {}

  /**
   * Reads what is there, at most {@code max} bytes.
   *
   * @return how many, or -1 at the body's end
   */
  static int read(
      RangeGet.Answer answer, byte[] buffer, long max, StallGuard guard, RemoteFile remote)
      throws TransientException, InterruptedException {
    try {
      int count = answer.body().read(buffer, 0, (int) Math.min(buffer.length, max));
      if (count < 0 && guard.stalled()) {
        throw stalled(remote);
      }
      guard.count(Math.max(count, 0));
      return count;
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException(); // The client's stream turns an interrupt into an
        // IOException.
      }
      throw guard.stalled()
          ? stalled(remote)
          : new TransientException(
              "the connection to " + remote.address().getHost() + " broke: " + e.getMessage(), e);
    }
  }

  private static TransientException stalled(RemoteFile remote) {
    return new TransientException(
        remote.address().getHost() + " sends too slowly or nothing at all", (Duration) null);
  }
}
