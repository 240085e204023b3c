package io.yuntai.ledger.prices;

import io.yuntai.ledger.chain.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A price book as one text, the same for the same prices in whatever order they were written: what
 * its hash is of. Never change it for what exists: published hashes are cited for years.
 */
final class BookText {
  private BookText() {}

  static String sha256(PriceBook book) {
    return HexFormat.of().formatHex(Sha256.of(of(book).getBytes(StandardCharsets.UTF_8)));
  }

  static String of(PriceBook book) {
    String head =
        "price book 1\nname %s\ncurrency %s\nzone %s\nfrom %s\n"
            .formatted(
                book.name(), book.currency().code(), book.zone().getId(), book.effectiveFrom());
    return Stream.concat(
            book.items().stream().map(BookText::line),
            book.adjustments().stream().map(BookText::line))
        .sorted()
        .collect(Collectors.joining("\n", head, "\n"));
  }

  private static String line(PriceItem item) {
    return String.join(
        " ",
        "item",
        item.sku(),
        item.meter().text(),
        item.serviceClass().text(),
        item.rule().text(),
        Long.toString(item.tierFrom()),
        item.tierTo() == Long.MAX_VALUE ? "-" : Long.toString(item.tierTo()),
        text(item.validFrom()),
        text(item.validUntil()),
        item.band().toString(),
        Long.toString(item.pricePico()));
  }

  private static String line(Adjustment adjustment) {
    return String.join(
        " ",
        "adjust",
        adjustment.sku(),
        adjustment.meter() == null ? "-" : adjustment.meter().text(),
        adjustment.serviceClass() == null ? "-" : adjustment.serviceClass().text(),
        adjustment.band().toString(),
        adjustment.factor().toString(),
        adjustment.group(),
        Integer.toString(adjustment.rank()));
  }

  private static String text(@Nullable Instant instant) {
    return instant == null ? "-" : instant.toString();
  }
}
