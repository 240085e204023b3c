package io.yuntai.server.auth;

import io.yuntai.ledger.identity.SignInLink;

/** What a person opens to use a link. */
public final class SignInAddress {
  /** The page where people sign in. */
  public static final String PATH = "/sign-in";

  private SignInAddress() {}

  /**
   * The page's address with a link's token behind the {@code #}, which browsers send to nobody, so
   * it is in no log.
   *
   * @param base where browsers find the server, without a slash at the end; may be empty
   */
  public static String of(String base, SignInLink link) {
    return base + PATH + "#" + link.token();
  }
}
