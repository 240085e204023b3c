package io.yuntai.console.page;

/** Addresses that forms bring along. */
public final class LocalAddress {
  private static final int MAX_CHARS = 2000;

  private LocalAddress() {}

  /** An address if it is a path of this server's, and no other one's; else another. */
  public static String of(String to, String otherwise) {
    boolean ours =
        to.length() <= MAX_CHARS
            && to.startsWith("/")
            && !to.startsWith("//")
            && !to.contains("\\")
            && to.chars().allMatch(c -> c > ' ' && c < 0x7F);
    return ours ? to : otherwise;
  }
}
