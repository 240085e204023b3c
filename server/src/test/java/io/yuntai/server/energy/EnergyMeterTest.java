package io.yuntai.server.energy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Counters as Linux lays them out: a folder for each zone. */
class EnergyMeterTest {
  @TempDir Path powercap;

  private void zone(String id, String name, long microjoules) throws IOException {
    Path folder = Files.createDirectories(powercap.resolve(id));
    Files.writeString(folder.resolve("name"), name + "\n");
    Files.writeString(folder.resolve("max_energy_range_uj"), "1000000\n");
    Files.writeString(folder.resolve("energy_uj"), microjoules + "\n");
  }

  @Test
  void packagesAndTheirMemoryAreAddedAndNothingTwice() throws Exception {
    zone("intel-rapl:0", "package-0", 100);
    zone("intel-rapl:0:0", "core", 50);
    zone("intel-rapl:0:1", "dram", 10);
    zone("intel-rapl:1", "package-1", 0);
    zone("intel-rapl:2", "psys", 500);
    EnergyMeter meter = EnergyMeter.of(powercap).orElseThrow();
    assertThat(meter.microjoules()).isZero();
    zone("intel-rapl:0", "package-0", 1100);
    zone("intel-rapl:0:0", "core", 1000);
    zone("intel-rapl:0:1", "dram", 30);
    zone("intel-rapl:1", "package-1", 7);
    zone("intel-rapl:2", "psys", 9000);
    assertThat(meter.microjoules()).isEqualTo(1027);
  }

  @Test
  void aCounterThatBeginsAgainLosesNothing() throws Exception {
    zone("intel-rapl:0", "package-0", 999_990);
    EnergyMeter meter = EnergyMeter.of(powercap).orElseThrow();
    zone("intel-rapl:0", "package-0", 5);
    assertThat(meter.microjoules()).isEqualTo(15);
  }

  @Test
  void whereThereIsNothingToReadThereIsNoMeter() throws Exception {
    assertThat(EnergyMeter.of(powercap.resolve("nothing"))).isEmpty();
    assertThat(EnergyMeter.of(powercap)).isEmpty();
    zone("intel-rapl:0", "package-0", 1);
    Files.writeString(powercap.resolve("intel-rapl:0/energy_uj"), "damaged");
    assertThat(EnergyMeter.of(powercap)).isEmpty();
  }

  @Test
  void answersShareWhatIsDrawnWhileTheyAreOnTheirWay() throws Exception {
    zone("intel-rapl:0", "package-0", 0);
    AtomicInteger answers = new AtomicInteger(1);
    EnergyMeter meter = EnergyMeter.of(powercap).orElseThrow();
    EnergyShare share = new EnergyShare(meter, answers::get);
    zone("intel-rapl:0", "package-0", 300_000);
    share.look();
    answers.set(3);
    zone("intel-rapl:0", "package-0", 600_000);
    share.look();
    assertThat(share.millijoules()).hasValue(400);
    Files.delete(powercap.resolve("intel-rapl:0/energy_uj"));
    share.look();
    assertThat(share.millijoules()).as("what is not known is not told").isEmpty();
  }
}
