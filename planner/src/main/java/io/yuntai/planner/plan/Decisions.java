package io.yuntai.planner.plan;

import java.util.List;

/**
 * What a plan does. A decision's scenario is the first of those that are still one in its quarter:
 * it holds in all of them.
 *
 * @param work what is done where; one line for each place that serves a region
 * @param busy servers that do it
 * @param afterLoss how work goes on after the loss of a site, where that was asked for
 * @param credit drawn at the end of a quarter
 */
public record Decisions(
    List<PhaseStart> phases,
    List<Order> orders,
    List<Retirement> retirements,
    List<Commitment> commitments,
    List<Work> work,
    List<Busy> busy,
    List<Unserved> unserved,
    List<AfterLoss> afterLoss,
    List<Credit> credit) {
  /** One thing that is decided. */
  public sealed interface One {}

  /** A phase of a site is begun. */
  public record PhaseStart(String site, String phase, int quarter, String scenario)
      implements One {}

  /** Servers are ordered; they arrive after the chip's lead time. */
  public record Order(String chip, String site, int quarter, String scenario, double servers)
      implements One {}

  /** Servers leave service at the beginning of a quarter, the oldest first. */
  public record Retirement(String chip, String site, int quarter, String scenario, double servers)
      implements One {}

  /** A term of a reservation begins. */
  public record Commitment(String contract, int quarter, String scenario, double servers)
      implements One {}

  /** A place (site or contract) serves a region. */
  public record Work(
      String workClass,
      String region,
      String place,
      String block,
      int quarter,
      String scenario,
      double unitsPerSecond)
      implements One {}

  /**
   * Servers that work for a class.
   *
   * @param chip empty for those of a contract
   */
  public record Busy(
      String workClass,
      String place,
      String chip,
      String block,
      int quarter,
      String scenario,
      double servers)
      implements One {}

  /** Work that is not served in the block in which it is asked for, nor moved. */
  public record Unserved(
      String workClass,
      String region,
      String block,
      int quarter,
      String scenario,
      double unitsPerSecond)
      implements One {}

  /** After the loss of a site another serves a region with servers of a chip. */
  public record AfterLoss(
      String lost,
      String workClass,
      String region,
      String site,
      String chip,
      String block,
      int quarter,
      String scenario,
      double unitsPerSecond)
      implements One {}

  /** What is drawn of the credit line, in millions. */
  public record Credit(int quarter, String scenario, double drawn) implements One {}

  /** Copies. */
  public Decisions {
    phases = List.copyOf(phases);
    orders = List.copyOf(orders);
    retirements = List.copyOf(retirements);
    commitments = List.copyOf(commitments);
    work = List.copyOf(work);
    busy = List.copyOf(busy);
    unserved = List.copyOf(unserved);
    afterLoss = List.copyOf(afterLoss);
    credit = List.copyOf(credit);
  }
}
