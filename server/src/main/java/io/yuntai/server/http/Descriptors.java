package io.yuntai.server.http;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.NetworkChannel;

/**
 * The kernel's numbers of channels, which the JDK keeps to itself: to be had where the launcher
 * exports {@code sun.nio.ch} (a direct call would not compile with {@code --release}).
 */
final class Descriptors {
  private final MethodHandle number;

  private Descriptors(MethodHandle number) {
    this.number = number;
  }

  /**
   * How to get them.
   *
   * @throws ReflectiveOperationException where the JVM's flags don't allow it
   */
  static Descriptors open() throws ReflectiveOperationException {
    Class<?> channel = Class.forName("sun.nio.ch.SelChImpl");
    return new Descriptors(
        MethodHandles.lookup()
            .findVirtual(channel, "getFDVal", MethodType.methodType(int.class))
            .asType(MethodType.methodType(int.class, NetworkChannel.class)));
  }

  int of(NetworkChannel channel) {
    try {
      return (int) number.invokeExact(channel);
    } catch (Throwable e) {
      throw new IllegalStateException("a channel without a descriptor", e);
    }
  }
}
