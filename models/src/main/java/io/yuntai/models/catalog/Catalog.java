package io.yuntai.models.catalog;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The models known by name.
 *
 * <p>A name without a tag, or with the tag {@code latest}, means the family's first entry, which is
 * its smallest: the download that nobody regrets. Case does not matter.
 */
public final class Catalog {
  private static final String LATEST = ":latest";

  private final List<CatalogEntry> entries;

  /**
   * @param entries in the order in which they are listed; names are unique
   */
  public Catalog(List<CatalogEntry> entries) {
    this.entries = List.copyOf(entries);
  }

  /** The catalogue in the jar. */
  public static Catalog load() {
    return new Catalog(CatalogReader.readResource());
  }

  /** All entries: families together, in each the smallest first. */
  public List<CatalogEntry> entries() {
    return entries;
  }

  /** The entry that a person means by a name. */
  public Optional<CatalogEntry> find(String name) {
    String wanted = name.strip().toLowerCase(Locale.ROOT);
    String family =
        wanted.endsWith(LATEST) ? wanted.substring(0, wanted.length() - LATEST.length()) : wanted;
    return entries.stream()
        .filter(entry -> entry.name().equals(wanted) || entry.family().equals(family))
        .findFirst();
  }

  /**
   * Names near an unknown one, nearest first, at most three; the tags of its family where that is
   * known.
   */
  public List<String> suggestions(String name) {
    return NearNames.of(name.strip(), entries);
  }
}
