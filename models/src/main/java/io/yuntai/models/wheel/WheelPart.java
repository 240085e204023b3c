package io.yuntai.models.wheel;

/**
 * A data file in a package.
 *
 * @param file its path in the wheel
 */
public record WheelPart(String project, String version, String file) {
  @Override
  public String toString() {
    return project + "==" + version;
  }
}
