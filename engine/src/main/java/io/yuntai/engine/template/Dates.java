package io.yuntai.engine.template;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;

/** C's {@code strftime} in English, as Python's {@code datetime} has it. */
final class Dates {
  private Dates() {}

  /** Formats the clock's present time. */
  static Text format(Evaluator evaluator, Text format) {
    ZonedDateTime now = ZonedDateTime.now(evaluator.clock());
    TextBuilder out = new TextBuilder(evaluator.budget());
    int plainFrom = 0;
    int at = format.chars.indexOf('%');
    while (at >= 0 && at + 1 < format.length()) {
      out.append(format, plainFrom, at);
      boolean unpadded = format.chars.charAt(at + 1) == '-' && at + 2 < format.length();
      int end = at + (unpadded ? 3 : 2);
      String field = field(format.chars.charAt(end - 1), now);
      out.append(unpadded ? field.replaceFirst("^[0 ]+(?=.)", "") : field);
      plainFrom = end;
      at = format.chars.indexOf('%', end);
    }
    return out.append(format, plainFrom, format.length()).build();
  }

  private static String field(char directive, ZonedDateTime now) {
    int sundayWeek = (now.getDayOfYear() + 6 - now.getDayOfWeek().getValue() % 7) / 7;
    int mondayWeek = (now.getDayOfYear() + 6 - (now.getDayOfWeek().getValue() + 6) % 7) / 7;
    return switch (directive) {
      case 'a' -> pattern("EEE", now);
      case 'A' -> pattern("EEEE", now);
      case 'b', 'h' -> pattern("MMM", now);
      case 'B' -> pattern("MMMM", now);
      case 'c' ->
          pattern("EEE MMM ", now) + padded(now.getDayOfMonth()) + pattern(" HH:mm:ss yyyy", now);
      case 'C' -> "%02d".formatted(now.getYear() / 100);
      case 'd' -> pattern("dd", now);
      case 'D', 'x' -> pattern("MM/dd/yy", now);
      case 'e' -> padded(now.getDayOfMonth());
      case 'f' -> "%06d".formatted(now.get(ChronoField.MICRO_OF_SECOND));
      case 'F' -> pattern("yyyy-MM-dd", now);
      case 'G' -> String.valueOf(now.get(IsoFields.WEEK_BASED_YEAR));
      case 'H' -> pattern("HH", now);
      case 'I' -> pattern("hh", now);
      case 'j' -> pattern("DDD", now);
      case 'm' -> pattern("MM", now);
      case 'M' -> pattern("mm", now);
      case 'n' -> "\n";
      case 'p' -> now.getHour() < 12 ? "AM" : "PM";
      case 'R' -> pattern("HH:mm", now);
      case 's' -> String.valueOf(now.toEpochSecond());
      case 'S' -> pattern("ss", now);
      case 't' -> "\t";
      case 'T', 'X' -> pattern("HH:mm:ss", now);
      case 'u' -> String.valueOf(now.getDayOfWeek().getValue());
      case 'U' -> "%02d".formatted(sundayWeek);
      case 'V' -> "%02d".formatted(now.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
      case 'w' -> String.valueOf(now.getDayOfWeek().getValue() % 7);
      case 'W' -> "%02d".formatted(mondayWeek);
      case 'y' -> pattern("yy", now);
      case 'Y' -> String.valueOf(now.getYear());
      // transformers formats a time without zone.
      case 'z', 'Z' -> "";
      case '%' -> "%";
      default ->
          throw new RenderFailure("strftime_now() does not know '%%%c'".formatted(directive));
    };
  }

  private static String padded(int day) {
    return "%2d".formatted(day);
  }

  private static String pattern(String pattern, ZonedDateTime now) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(now);
  }
}
