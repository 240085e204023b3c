package io.yuntai.models.wheel;

/**
 * A data file in a package.
 *
 * @param file its path in the wheel
 */
public record WheelPart(String project, String version, String file) {
  /** Whether both are in the same package. */
  boolean isOfPackage(WheelPart other) {
    return project.equals(other.project) && version.equals(other.version);
  }

  @Override
  public String toString() {
    return project + "==" + version;
  }
}
