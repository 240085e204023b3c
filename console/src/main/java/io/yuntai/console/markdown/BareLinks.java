package io.yuntai.console.markdown;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses that stand in a text as they are. */
final class BareLinks {
  private static final Pattern ADDRESS =
      Pattern.compile("https?://[^\\s<>\"'`\\p{IsHan}，。！？；：（）【】]{1,1000}+");

  private BareLinks() {}

  /** Writes a text, with links where addresses stand unless it is in a link already. */
  static void write(String text, boolean inLink, Html out) {
    if (inLink || !text.contains("://")) {
      out.text(text);
      return;
    }
    Matcher matcher = ADDRESS.matcher(text);
    int from = 0;
    while (matcher.find()) {
      String address = trimmed(matcher.group());
      int end = matcher.start() + address.length();
      out.text(text.substring(from, matcher.start()));
      if (address.endsWith("//") || !HtmlWriter.isHarmless(address)) {
        out.text(address);
      } else {
        HtmlWriter.openLink(address, out);
        out.text(address).raw("</a>");
      }
      from = end;
    }
    out.text(text.substring(from));
  }

  /** Without what rather ends the sentence. */
  private static String trimmed(String address) {
    int end = address.length();
    while (end > 0 && ".,;:!?*_~".indexOf(address.charAt(end - 1)) >= 0) {
      end--;
    }
    if (end > 0 && address.charAt(end - 1) == ')' && address.indexOf('(') < 0) {
      end--;
    }
    return address.substring(0, end);
  }
}
