package io.yuntai.server.admin;

import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.usage.UsageExport;
import io.yuntai.server.http.Exchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** All requests of a tenant in a time, written as fast as they are taken. */
record ExportStream(
    UsageExport export, Organisation org, UsageLines lines, Instant from, Instant to)
    implements AdminAnswer.Stream {
  private static final int PIECE_BYTES = 1 << 16;

  @Override
  public String type() {
    return lines.type();
  }

  @Override
  public void write(Exchange exchange) throws IOException, InterruptedException {
    ByteArrayOutputStream piece = new ByteArrayOutputStream(PIECE_BYTES + 1024);
    piece.writeBytes(lines.head().getBytes(StandardCharsets.UTF_8));
    export.rows(
        org,
        from,
        to,
        row -> {
          piece.writeBytes(lines.line(row).getBytes(StandardCharsets.UTF_8));
          if (piece.size() >= PIECE_BYTES) {
            exchange.event(piece.toByteArray());
            piece.reset();
          }
        });
    exchange.event(piece.toByteArray());
  }
}
