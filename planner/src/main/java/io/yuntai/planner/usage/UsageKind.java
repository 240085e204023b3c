package io.yuntai.planner.usage;

/**
 * What was used, where, and by whom.
 *
 * @param model as the file calls it
 * @param region empty where the file tells none
 * @param serviceClass such as {@code standard} or {@code batch}; empty where the file tells none
 */
public record UsageKind(String model, String region, String serviceClass)
    implements Comparable<UsageKind> {
  @Override
  public int compareTo(UsageKind other) {
    int byModel = model.compareTo(other.model);
    int byRegion = region.compareTo(other.region);
    return byModel != 0
        ? byModel
        : byRegion != 0 ? byRegion : serviceClass.compareTo(other.serviceClass);
  }

  @Override
  public String toString() {
    return "%s%s%s"
        .formatted(
            model,
            region.isEmpty() ? "" : " in " + region,
            serviceClass.isEmpty() ? "" : " (" + serviceClass + ")");
  }
}
