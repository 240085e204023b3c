package io.yuntai.engine.grammar.schema;

import io.yuntai.engine.grammar.Dfa;
import io.yuntai.engine.grammar.GrammarException;
import java.util.Map;
import java.util.TreeMap;

/**
 * The formats of JSON Schema that are held, as regular expressions. Each generates only texts that
 * its specification allows; where the specification allows more, {@code docs/structured-output.md}
 * says what is left out.
 */
final class Formats {
  private static final String DATE =
      "(\\d{4}-(0[13578]|1[02])-(0[1-9]|[12]\\d|3[01])"
          + "|\\d{4}-(0[469]|11)-(0[1-9]|[12]\\d|30)"
          + "|\\d{4}-02-(0[1-9]|1\\d|2[0-8])"
          + "|(\\d\\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)";

  /**
   * RFC 3339 without leap seconds, down to nanoseconds and with the offsets that there are: readers
   * take no more.
   */
  private static final String TIME =
      "([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?([Zz]|[+-](0\\d|1[0-4]):[0-5]\\d)";

  private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final String IPV4 = "(" + OCTET + "\\.){3}" + OCTET;
  private static final String LABEL = "[A-Za-z0-9](-?[A-Za-z0-9]){0,29}";
  private static final String HOSTNAME = LABEL + "(\\." + LABEL + "){0,3}";

  /** Of mail: under a top-level domain of letters, as those that are in use with ASCII only are. */
  private static final String DOMAIN = "(" + LABEL + "\\.){1,3}[A-Za-z]{2,18}";

  private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]";
  private static final String PATH_CHAR = "([A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})";

  private static final Map<String, String> PATTERNS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("date", DATE),
              Map.entry("time", TIME),
              Map.entry("date-time", DATE + "[Tt]" + TIME),
              Map.entry("duration", duration()),
              Map.entry("email", ATOM + "{1,20}(\\." + ATOM + "{1,20}){0,2}@" + DOMAIN),
              Map.entry("hostname", HOSTNAME),
              Map.entry("ipv4", IPV4),
              Map.entry("ipv6", ipv6()),
              Map.entry(
                  "uri",
                  "[A-Za-z][A-Za-z0-9+.-]*://"
                      + HOSTNAME
                      + "(:\\d{1,5})?(/"
                      + PATH_CHAR
                      + "*)*(\\?("
                      + PATH_CHAR
                      + "|[/?])*)?(#("
                      + PATH_CHAR
                      + "|[/?])*)?"),
              Map.entry(
                  "uuid",
                  "[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}"),
              Map.entry("json-pointer", "(/([^~/]|~[01])*)*")));

  private Formats() {}

  /** The texts of a format. */
  static Dfa of(String pointer, String name) throws GrammarException {
    String pattern = PATTERNS.get(name);
    if (pattern == null) {
      throw new GrammarException(
          pointer,
          "the keyword 'format': '%s' is not supported; known are %s"
              .formatted(name, String.join(", ", PATTERNS.keySet())));
    }
    return Dfa.matching(pattern);
  }

  /** ISO 8601 as RFC 3339, appendix A, writes it. */
  private static String duration() {
    String time = "T(\\d+H(\\d+M(\\d+S)?)?|\\d+M(\\d+S)?|\\d+S)";
    String date = "(\\d+D|\\d+M(\\d+D)?|\\d+Y(\\d+M(\\d+D)?)?)";
    return "P(" + date + "(" + time + ")?|" + time + "|\\d+W)";
  }

  /** RFC 4291, section 2.2: eight groups, or fewer with one gap. */
  private static String ipv6() {
    String group = "[0-9A-Fa-f]{1,4}";
    StringBuilder all = new StringBuilder("((").append(group).append(":){7}").append(group);
    for (int before = 0; before <= 6; before++) {
      String first = before == 0 ? "" : group + "(:" + group + "){" + (before - 1) + "}";
      int after = 7 - before - 1;
      String last = after == 0 ? "" : "(" + group + "(:" + group + "){0," + (after - 1) + "})?";
      all.append('|').append(first).append("::").append(last);
    }
    return all.append('|').append(group).append("(:").append(group).append("){6}::)").toString();
  }
}
