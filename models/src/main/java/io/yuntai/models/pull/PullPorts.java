package io.yuntai.models.pull;

import io.yuntai.models.transfer.DiskSpace;
import io.yuntai.models.transfer.Pause;
import io.yuntai.models.transfer.TransferLimits;
import io.yuntai.models.wheel.WheelLimits;
import java.time.Clock;
import java.util.function.LongSupplier;

/** Bounds, disk and time of a pull. */
record PullPorts(
    TransferLimits transferLimits,
    WheelLimits wheelLimits,
    DiskSpace disk,
    Pause pause,
    Clock clock,
    LongSupplier nanoTime) {

  static PullPorts standard() {
    return new PullPorts(
        TransferLimits.standard(),
        WheelLimits.standard(),
        DiskSpace.ofSystem(),
        Pause.real(),
        Clock.systemUTC(),
        System::nanoTime);
  }
}
