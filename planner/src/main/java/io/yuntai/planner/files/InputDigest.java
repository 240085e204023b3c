package io.yuntai.planner.files;

import io.yuntai.planner.plan.PlanInputs;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** What tells whether two plans were made from the same numbers: of the inputs, not of the file. */
public final class InputDigest {
  private static final int SHOWN = 16;

  private InputDigest() {}

  /** SHA-256 in hexadecimals, of all inputs with their names in order. */
  public static String of(PlanInputs inputs) {
    StringBuilder text = new StringBuilder();
    write(text, inputs.name());
    write(text, inputs.horizon());
    inputs.blocks().forEach(one -> write(text, one));
    inputs.regions().forEach(one -> write(text, one));
    inputs.classes().forEach(one -> write(text, one));
    inputs
        .scenarios()
        .forEach(one -> {
          write(text, one.name(), one.probability(), one.splitsFrom(), one.splitQuarter());
          write(
              text,
              one.demandFactor(),
              one.priceFactor(),
              one.energyFactor(),
              sorted(one.supply()));
        });
    inputs.demand().rows().forEach(one -> write(text, one));
    inputs
        .chips()
        .forEach(one -> {
          write(text, one.name(), one.vendor(), one.price(), one.paidAtOrder(), one.kilowatts());
          write(text, one.idleShare(), one.liquid(), one.racks(), one.batch(), one.wholeBatches());
          write(text, one.leadQuarters(), one.bookQuarters(), one.lifeQuarters());
          write(text, one.upkeepPerYear(), one.supply(), one.resaleLossPerYear());
          write(text, sorted(one.unitsPerSecond()));
        });
    inputs
        .sites()
        .forEach(one -> {
          write(text, one.name(), one.openMegawatts(), one.openLiquidMegawatts(), one.openRacks());
          write(text, one.phases(), one.gridMegawatts(), one.pue(), one.powerPrice());
          write(text, sorted(one.powerPriceByChip()), one.renewableShare());
          write(text, one.carbonPerMegawattHour(), one.staffPerMegawattYear());
          write(text, one.upkeepPerMegawattYear(), one.installed(), one.links());
        });
    inputs
        .contracts()
        .forEach(one -> {
          write(text, one.name(), one.regions(), one.kind(), one.price(), one.upfront());
          write(text, one.termQuarters(), one.most(), sorted(one.unitsPerSecond()));
        });
    write(text, inputs.finance());
    var rules = inputs.rules();
    write(text, rules.goal(), rules.siteLoss(), rules.leastRenewable(), rules.mostCarbon());
    write(text, rules.riskWeight(), rules.riskTail(), sorted(rules.vendorShare()));
    if (!rules.aims().isEmpty()) {
      write(text, rules.aims(), rules.aimTolerance());
    }
    rules.banned().stream().map(String::valueOf).sorted().forEach(one -> write(text, one));
    rules
        .residency()
        .forEach(one -> {
          write(text, one.workClass(), one.region());
          one.allowed().stream().sorted().forEach(place -> write(text, place));
        });
    return sha256(text.toString());
  }

  /** As much of it as people compare. */
  public static String shown(String digest) {
    return digest.substring(0, Math.min(SHOWN, digest.length()));
  }

  private static <V> Map<String, V> sorted(Map<String, V> map) {
    return new TreeMap<>(map);
  }

  private static void write(StringBuilder text, Object... values) {
    for (Object value : values) {
      text.append(value).append('\n');
    }
  }

  private static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
