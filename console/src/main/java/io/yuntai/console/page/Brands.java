package io.yuntai.console.page;

/** What the console is called and how it looks for each tenant. */
@FunctionalInterface
public interface Brands {
  /** The product's own for everybody. */
  Brands OWN = _ -> Brand.OWN;

  /** For a tenant of this name; for visitors that nobody knows, the tenant {@code default}. */
  Brand of(String tenant);
}
