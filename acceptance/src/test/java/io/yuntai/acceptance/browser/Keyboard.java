package io.yuntai.acceptance.browser;

import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether all that can be used on a page can be reached and seen with the tabulator key alone. */
final class Keyboard {
  /** Of radio buttons of one name the keyboard reaches one; arrows lead to the others. */
  private static final String FIND =
      """
      () => {
        const names = new Set();
        window.yuntaiUsable = [...document.querySelectorAll(
            'a[href], button, input, select, textarea, summary, [tabindex]')]
          .filter(element => !element.disabled && element.type !== 'hidden' && element.tabIndex >= 0
              && element.checkVisibility({visibilityProperty: true}) && !element.closest('[inert]')
              && !(element.closest('details:not([open])') && element.tagName !== 'SUMMARY'))
          .filter(element => element.type !== 'radio'
              || !names.has(element.name) && names.add(element.name));
        return window.yuntaiUsable.map(element =>
            element.outerHTML.replace(/>[^]*/, '>').slice(0, 120));
      }
      """;

  private static final String FOCUSED =
      """
      () => {
        const element = document.activeElement;
        const style = getComputedStyle(element);
        const box = element.getBoundingClientRect();
        const same = window.yuntaiUsable.findIndex(usable => usable === element
            || usable.type === 'radio' && usable.name === element.name);
        // A field within a frame that looks like one field may show it by the frame's ring.
        const frame = element.parentElement?.closest(':focus-within');
        return {
          index: same,
          shown: style.outlineStyle !== 'none' || style.boxShadow !== 'none'
              || frame && getComputedStyle(frame).boxShadow !== 'none',
          inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
        };
      }
      """;

  /** Fields of dates have several stops each. */
  private static final int BEYOND = 60;

  private Keyboard() {}

  /** What is wrong. */
  static List<String> problems(Page page) {
    List<?> usable = (List<?>) page.evaluate(FIND);
    page.evaluate("document.activeElement.blur()");
    Set<Integer> reached = new LinkedHashSet<>();
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < usable.size() + BEYOND && reached.size() < usable.size(); i++) {
      page.keyboard().press("Tab");
      Map<?, ?> focused = (Map<?, ?>) page.evaluate(FOCUSED);
      int index = Integer.parseInt(String.valueOf(focused.get("index")));
      if (index >= 0 && reached.add(index)) {
        if (!Boolean.TRUE.equals(focused.get("shown"))) {
          problems.add("keyboard: the focus does not show on " + usable.get(index));
        }
        if (!Boolean.TRUE.equals(focused.get("inside"))) {
          problems.add("keyboard: focused, but out of sight: " + usable.get(index));
        }
      }
    }
    for (int i = 0; i < usable.size(); i++) {
      if (!reached.contains(i)) {
        problems.add("keyboard: never reached " + usable.get(i));
      }
    }
    return problems;
  }
}
