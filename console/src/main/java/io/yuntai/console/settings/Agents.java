package io.yuntai.console.settings;

import java.util.List;
import java.util.Map;

/** What programs call themselves, shortened for people. */
final class Agents {
  private static final int MOST_CHARS = 60;

  /** The first that is contained counts: others name these too, to be let in everywhere. */
  private static final List<Map.Entry<String, String>> PROGRAMS =
      List.of(
          Map.entry("MicroMessenger/", "WeChat"),
          Map.entry("Edg/", "Edge"),
          Map.entry("OPR/", "Opera"),
          Map.entry("Firefox/", "Firefox"),
          Map.entry("Chrome/", "Chrome"),
          Map.entry("Safari/", "Safari"));

  private static final List<Map.Entry<String, String>> SYSTEMS =
      List.of(
          Map.entry("Android", "Android"),
          Map.entry("iPhone", "iPhone"),
          Map.entry("iPad", "iPad"),
          Map.entry("HarmonyOS", "HarmonyOS"),
          Map.entry("Windows", "Windows"),
          Map.entry("Mac OS X", "macOS"),
          Map.entry("Linux", "Linux"));

  private Agents() {}

  /** Program and system where they are known, else the beginning of what was said. */
  static String shortName(String agent) {
    String program = find(PROGRAMS, agent);
    String system = find(SYSTEMS, agent);
    if (program.isEmpty()) {
      return agent.length() <= MOST_CHARS ? agent : agent.substring(0, MOST_CHARS) + "…";
    }
    return system.isEmpty() ? program : program + " · " + system;
  }

  private static String find(List<Map.Entry<String, String>> known, String agent) {
    return known.stream()
        .filter(entry -> agent.contains(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("");
  }
}
