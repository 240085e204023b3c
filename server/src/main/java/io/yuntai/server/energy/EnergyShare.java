package io.yuntai.server.energy;

import java.io.IOException;
import java.util.OptionalLong;
import java.util.function.IntSupplier;

/**
 * An answer's share of what the machine draws: of each stretch of time as much as any other answer
 * that was on its way then. For one thread at a time.
 */
public final class EnergyShare {
  private final EnergyMeter meter;
  private final IntSupplier answers;
  private long lastMicrojoules;
  private double share;
  private boolean known = true;

  /**
   * From now on.
   *
   * @param answers how many are on their way, this one among them
   */
  public EnergyShare(EnergyMeter meter, IntSupplier answers) {
    this.meter = meter;
    this.answers = answers;
    try {
      lastMicrojoules = meter.microjoules();
    } catch (IOException _) {
      known = false;
    }
  }

  /** Takes its share of what was drawn since the last look: to be called some times a second. */
  public void look() {
    if (!known) {
      return;
    }
    try {
      long now = meter.microjoules();
      share += (double) (now - lastMicrojoules) / Math.max(1, answers.getAsInt());
      lastMicrojoules = now;
    } catch (IOException _) {
      known = false;
    }
  }

  /** All of it until the last look, in millijoules; empty where the meter failed on the way. */
  public OptionalLong millijoules() {
    return known ? OptionalLong.of(Math.round(share / 1000)) : OptionalLong.empty();
  }
}
