package io.yuntai.ledger.journal;

import io.yuntai.ledger.bank.Claim;
import io.yuntai.ledger.bank.Draw;
import io.yuntai.ledger.bank.EngineReceipt;
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

/** Entries as bytes. Each form has a number of its own, so that later ones can differ. */
final class EntryCodec {
  private static final byte USAGE = 1;
  private static final byte RECEIPT = 2;
  private static final int MAX_COUNTERS = 100;
  private static final int MAX_MODEL_BYTES = 4 * 200;

  /** Of any record. */
  static final int MAX_BYTES = 256 + MAX_MODEL_BYTES + UsageRecord.MAX_DRAWS * 3 * Long.BYTES;

  private EntryCodec() {}

  /** Bytes that are no record of a form known here. */
  static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1;

    UnreadableException(String message) {
      super(message);
    }
  }

  static void write(Entry entry, ByteBuffer out) {
    switch (entry) {
      case Entry.Usage(UsageRecord record) -> usage(record, out.put(USAGE));
      case Entry.Receipt(EngineReceipt receipt) -> receipt(receipt, out.put(RECEIPT));
    }
  }

  private static void usage(UsageRecord record, ByteBuffer out) {
    id(record.requestId(), out);
    out.putLong(record.orgId()).putLong(record.projectId());
    out.putLong(record.userId()).putLong(record.keyId());
    time(record.at(), out);
    name(record.model(), out);
    out.putLong(record.rateCardId()).put((byte) record.serviceClass().code());
    tokens(record.tokens(), out);
    out.putLong(record.amountNano()).putInt(record.residuePico());
    out.put((byte) record.status().code());
    out.put((byte) record.draws().size());
    for (Draw draw : record.draws()) {
      out.putLong(draw.leaseId()).putLong(draw.counterId()).putLong(draw.amount());
    }
  }

  private static void receipt(EngineReceipt receipt, ByteBuffer out) {
    id(receipt.requestId(), out);
    out.putInt(receipt.attempt()).putLong(receipt.orgId());
    name(receipt.engine(), out);
    tokens(receipt.tokens(), out);
    out.putLong(receipt.computeMicros()).putLong(receipt.acknowledgedTokens());
    out.put((byte) receipt.endReason().code());
    Claim claim = receipt.claim();
    out.put((byte) (claim == null ? 0 : 1));
    if (claim != null) {
      claim(claim, out);
    }
  }

  private static void claim(Claim claim, ByteBuffer out) {
    out.putInt(claim.nodeId());
    out.putLong(claim.projectId()).putLong(claim.userId()).putLong(claim.keyId());
    time(claim.at(), out);
    name(claim.model(), out);
    out.putLong(claim.rateCardId()).put((byte) claim.serviceClass().code());
    out.putInt(claim.promptTokens());
    if (claim.counters().size() > MAX_COUNTERS) {
      throw new IllegalArgumentException(claim.counters().size() + " counters of a request");
    }
    out.put((byte) claim.counters().size());
    claim.counters().forEach(out::putLong);
  }

  private static void id(UUID id, ByteBuffer out) {
    out.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
  }

  private static void time(Instant at, ByteBuffer out) {
    out.putLong(at.getEpochSecond()).putInt(at.getNano());
  }

  private static void name(String name, ByteBuffer out) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MAX_MODEL_BYTES) {
      throw new IllegalArgumentException("a name of " + bytes.length + " bytes");
    }
    out.putShort((short) bytes.length).put(bytes);
  }

  private static void tokens(MeteredTokens tokens, ByteBuffer out) {
    out.putInt(tokens.input()).putInt(tokens.cacheHit()).putInt(tokens.cacheWrite());
    out.putInt(tokens.output()).putInt(tokens.reasoning());
  }

  static Entry read(ByteBuffer in) throws UnreadableException {
    try {
      byte form = in.get();
      return switch (form) {
        case USAGE -> new Entry.Usage(usage(in));
        case RECEIPT -> new Entry.Receipt(receipt(in));
        default -> throw new UnreadableException("a record of form " + form);
      };
    } catch (BufferUnderflowException | IllegalArgumentException | DateTimeException e) {
      throw new UnreadableException("a record that makes no sense: " + e);
    }
  }

  private static EngineReceipt receipt(ByteBuffer in) throws UnreadableException {
    return new EngineReceipt(
        id(in),
        in.getInt(),
        in.getLong(),
        name(in),
        tokens(in),
        in.getLong(),
        in.getLong(),
        UsageStatus.of(in.get()),
        in.get() == 0 ? null : claim(in));
  }

  private static Claim claim(ByteBuffer in) throws UnreadableException {
    int node = in.getInt();
    long project = in.getLong();
    long user = in.getLong();
    long key = in.getLong();
    Instant at = time(in);
    String model = name(in);
    long card = in.getLong();
    ServiceClass serviceClass = serviceClass(in.get());
    int prompt = in.getInt();
    int count = index(in.get(), MAX_COUNTERS + 1);
    List<Long> counters = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      counters.add(in.getLong());
    }
    return new Claim(node, project, user, key, at, model, card, serviceClass, prompt, counters);
  }

  private static UUID id(ByteBuffer in) {
    return new UUID(in.getLong(), in.getLong());
  }

  private static Instant time(ByteBuffer in) {
    return Instant.ofEpochSecond(in.getLong(), in.getInt());
  }

  private static String name(ByteBuffer in) throws UnreadableException {
    int bytes = in.getShort();
    if (bytes < 0 || bytes > in.remaining()) {
      throw new UnreadableException("a name of " + bytes + " bytes");
    }
    byte[] name = new byte[bytes];
    in.get(name);
    return new String(name, StandardCharsets.UTF_8);
  }

  private static MeteredTokens tokens(ByteBuffer in) {
    return new MeteredTokens(in.getInt(), in.getInt(), in.getInt(), in.getInt(), in.getInt());
  }

  private static ServiceClass serviceClass(int code) {
    return Arrays.stream(ServiceClass.values())
        .filter(one -> one.code() == code)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("service class " + code));
  }

  private static UsageRecord usage(ByteBuffer in) throws UnreadableException {
    UUID id = id(in);
    long org = in.getLong();
    long project = in.getLong();
    long user = in.getLong();
    long key = in.getLong();
    Instant at = time(in);
    String model = name(in);
    long card = in.getLong();
    ServiceClass serviceClass = serviceClass(in.get());
    MeteredTokens tokens = tokens(in);
    long nano = in.getLong();
    int pico = in.getInt();
    UsageStatus status = UsageStatus.of(in.get());
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
        model,
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
