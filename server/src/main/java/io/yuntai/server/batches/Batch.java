package io.yuntai.server.batches;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A batch. Times are seconds since 1970, and null until they come.
 *
 * @param id {@code batch_} and hexadecimal digits
 * @param owner whose it is: a principal's id
 * @param ownerName the principal's name
 * @param endpoint path that all its requests go to
 * @param inputFile the file of requests
 * @param status how far it is
 * @param createdAt when it was asked for
 * @param expiresAt when what is not answered by then is given up
 * @param startedAt when its first request was answered
 * @param finalizingAt when its last request was answered
 * @param endedAt when it came into its last status
 * @param cancellingAt when its end was asked for
 * @param counts requests
 * @param outputFile the file of answers, once there is one
 * @param errorFile the file of refusals, once there is one
 * @param faults why the file of requests was refused
 * @param metadata the owner's own
 */
public record Batch(
    String id,
    String owner,
    String ownerName,
    String endpoint,
    String inputFile,
    Status status,
    long createdAt,
    long expiresAt,
    @Nullable Long startedAt,
    @Nullable Long finalizingAt,
    @Nullable Long endedAt,
    @Nullable Long cancellingAt,
    Counts counts,
    @Nullable String outputFile,
    @Nullable String errorFile,
    List<Fault> faults,
    Map<String, String> metadata) {
  /** OpenAI's. */
  public enum Status {
    VALIDATING,
    FAILED,
    IN_PROGRESS,
    FINALIZING,
    COMPLETED,
    EXPIRED,
    CANCELLING,
    CANCELLED;

    /** Whether nothing happens any more. */
    public boolean isLast() {
      return switch (this) {
        case FAILED, COMPLETED, EXPIRED, CANCELLED -> true;
        case VALIDATING, IN_PROGRESS, FINALIZING, CANCELLING -> false;
      };
    }
  }

  /**
   * @param total in the file of requests
   * @param completed answered
   * @param failed refused
   */
  public record Counts(int total, int completed, int failed) {
    static final Counts NONE = new Counts(0, 0, 0);
  }

  /**
   * Why a file of requests was refused.
   *
   * @param code for programs
   * @param message for people
   * @param line from 1; null for the file as a whole
   */
  public record Fault(String code, String message, @Nullable Integer line) {}

  /** Copies what could change. */
  public Batch {
    faults = List.copyOf(faults);
    metadata = Map.copyOf(metadata);
  }

  Batch at(Status next, long now) {
    return new Batch(
        id,
        owner,
        ownerName,
        endpoint,
        inputFile,
        next,
        createdAt,
        expiresAt,
        next == Status.IN_PROGRESS && startedAt == null ? Long.valueOf(now) : startedAt,
        next == Status.FINALIZING ? Long.valueOf(now) : finalizingAt,
        next.isLast() ? Long.valueOf(now) : endedAt,
        next == Status.CANCELLING ? Long.valueOf(now) : cancellingAt,
        counts,
        outputFile,
        errorFile,
        faults,
        metadata);
  }

  Batch with(Counts newCounts) {
    return copy(newCounts, outputFile, errorFile, faults);
  }

  Batch with(List<Fault> newFaults) {
    return copy(counts, outputFile, errorFile, newFaults);
  }

  Batch withFiles(@Nullable String output, @Nullable String error) {
    return copy(counts, output, error, faults);
  }

  private Batch copy(
      Counts newCounts, @Nullable String output, @Nullable String error, List<Fault> newFaults) {
    return new Batch(
        id,
        owner,
        ownerName,
        endpoint,
        inputFile,
        status,
        createdAt,
        expiresAt,
        startedAt,
        finalizingAt,
        endedAt,
        cancellingAt,
        newCounts,
        output,
        error,
        newFaults,
        metadata);
  }
}
