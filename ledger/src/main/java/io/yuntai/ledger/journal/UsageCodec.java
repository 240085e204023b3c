package io.yuntai.ledger.journal;

import io.yuntai.ledger.bank.Draw;
import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.bank.UsageStatus;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.ServiceClass;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** Records of usage as bytes. The form has a number of its own, so that later ones can differ. */
final class UsageCodec {
  private static final byte FORM = 1;
  private static final int MAX_MODEL_BYTES = 4 * 200;

  /** Of any record. */
  static final int MAX_BYTES = 256 + MAX_MODEL_BYTES + UsageRecord.MAX_DRAWS * 3 * Long.BYTES;

  private UsageCodec() {}

  /** Bytes that are no record of a form known here. */
  static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1;

    UnreadableException(String message) {
      super(message);
    }
  }

  static void write(UsageRecord record, ByteBuffer out) {
    out.put(FORM);
    out.putLong(record.requestId().getMostSignificantBits());
    out.putLong(record.requestId().getLeastSignificantBits());
    out.putLong(record.orgId()).putLong(record.projectId());
    out.putLong(record.userId()).putLong(record.keyId());
    Instant at = record.at();
    out.putLong(at.getEpochSecond()).putInt(at.getNano());
    byte[] model = record.model().getBytes(StandardCharsets.UTF_8);
    if (model.length > MAX_MODEL_BYTES) {
      throw new IllegalArgumentException("a model's name of " + model.length + " bytes");
    }
    out.putShort((short) model.length).put(model);
    out.putLong(record.rateCardId()).put((byte) record.serviceClass().code());
    MeteredTokens tokens = record.tokens();
    out.putInt(tokens.input()).putInt(tokens.cacheHit()).putInt(tokens.cacheWrite());
    out.putInt(tokens.output()).putInt(tokens.reasoning());
    out.putLong(record.amountNano()).putInt(record.residuePico());
    out.put((byte) record.status().code());
    out.put((byte) record.draws().size());
    for (Draw draw : record.draws()) {
      out.putLong(draw.leaseId()).putLong(draw.counterId()).putLong(draw.amount());
    }
  }

  static UsageRecord read(ByteBuffer in) throws UnreadableException {
    try {
      byte form = in.get();
      if (form != FORM) {
        throw new UnreadableException("a record of form " + form);
      }
      return fields(in);
    } catch (BufferUnderflowException | IllegalArgumentException | DateTimeException e) {
      throw new UnreadableException("a record that makes no sense: " + e);
    }
  }

  private static UsageRecord fields(ByteBuffer in) throws UnreadableException {
    UUID id = new UUID(in.getLong(), in.getLong());
    long org = in.getLong();
    long project = in.getLong();
    long user = in.getLong();
    long key = in.getLong();
    Instant at = Instant.ofEpochSecond(in.getLong(), in.getInt());
    int modelBytes = in.getShort();
    if (modelBytes < 0 || modelBytes > in.remaining()) {
      throw new UnreadableException("a model's name of " + modelBytes + " bytes");
    }
    byte[] model = new byte[modelBytes];
    in.get(model);
    long card = in.getLong();
    int classCode = in.get();
    ServiceClass serviceClass =
        Arrays.stream(ServiceClass.values())
            .filter(one -> one.code() == classCode)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("service class " + classCode));
    MeteredTokens tokens =
        new MeteredTokens(in.getInt(), in.getInt(), in.getInt(), in.getInt(), in.getInt());
    long nano = in.getLong();
    int pico = in.getInt();
    int code = in.get();
    UsageStatus status =
        Arrays.stream(UsageStatus.values())
            .filter(one -> one.code() == code)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("status " + code));
    int count = index(in.get(), UsageRecord.MAX_DRAWS + 1);
    List<Draw> draws = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      draws.add(new Draw(in.getLong(), in.getLong(), in.getLong()));
    }
    return new UsageRecord(
        id,
        org,
        project,
        user,
        key,
        at,
        new String(model, StandardCharsets.UTF_8),
        card,
        serviceClass,
        tokens,
        nano,
        pico,
        status,
        draws);
  }

  private static int index(byte value, int below) throws UnreadableException {
    if (value < 0 || value >= below) {
      throw new UnreadableException("a number " + value + " that must be below " + below);
    }
    return value;
  }
}
