package io.yuntai.server;

import io.yuntai.models.catalog.Catalog;
import io.yuntai.models.catalog.CatalogSource;
import io.yuntai.models.catalog.ModelReference;
import io.yuntai.models.store.StoredModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;

/** Where a model came from and when, for lists. */
final class Provenance {
  private Provenance() {}

  /** When a model was pulled, or its file last changed. */
  static long createdEpochSeconds(StoredModel stored) {
    return created(stored).getEpochSecond();
  }

  private static Instant created(StoredModel stored) {
    Instant pulled = stored.pulledAt();
    if (pulled != null) {
      return pulled;
    }
    Path file = stored.file();
    try {
      return Files.getLastModifiedTime(file).toInstant();
    } catch (IOException e) {
      return Instant.EPOCH; // only shown in lists
    }
  }

  /** The organisation that publishes it on a hub, else {@code local}. */
  static String owner(StoredModel stored, Catalog catalog) {
    return catalog.find(stored.name()).stream()
        .flatMap(entry -> entry.sources().stream())
        .map(CatalogSource::references)
        .map(references -> references.getFirst())
        .filter(ModelReference.HubFile.class::isInstance)
        .map(ModelReference.HubFile.class::cast)
        .map(file -> file.repository().substring(0, file.repository().indexOf('/')))
        .map(organisation -> organisation.toLowerCase(Locale.ROOT))
        .findFirst()
        .orElse("local");
  }
}
