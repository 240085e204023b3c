package io.yuntai.console.page;

/**
 * A tenant's own look.
 *
 * @param name in the page's head and title
 * @param logo path of a picture; empty for the product's own
 * @param stylesheet path of a sheet with its accent; empty for the product's own
 */
public record Brand(String name, String logo, String stylesheet) {
  /** The product's own. */
  public static final Brand OWN = new Brand("Yuntai", "", "");
}
