package io.yuntai.console.now;

import io.yuntai.console.page.Visit;
import io.yuntai.console.table.Cell.Tone;
import io.yuntai.console.text.Formats;
import io.yuntai.server.standing.WorkItem;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * Something that needs a person, in that person's words.
 *
 * @param tone how urgent it is
 * @param since when it began
 * @param what it is
 * @param effect what it does to others
 * @param cause why; may be empty
 * @param next what to do
 * @param href where; empty for nowhere
 */
public record WorkRow(
    Tone tone,
    String urgency,
    Instant since,
    String what,
    String effect,
    String cause,
    String next,
    String href) {
  static WorkRow of(Visit visit, WorkItem item) {
    String key = "now.work." + item.kind().name().toLowerCase(Locale.ROOT);
    Object[] facts = facts(visit, item);
    Tone tone =
        switch (item.kind().urgency()) {
          case BAD -> Tone.BAD;
          case WARN -> Tone.WARN;
          case INFO -> Tone.PLAIN;
        };
    return new WorkRow(
        tone,
        visit.text("now.urgency." + item.kind().urgency().name().toLowerCase(Locale.ROOT)),
        item.since(),
        (visit.operates() && !item.tenant().isEmpty() ? item.tenant() + ": " : "")
            + visit.text(key + ".what", facts),
        visit.text(key + ".effect", facts),
        item.detail(),
        visit.text(key + ".next", facts),
        href(item));
  }

  private static Object[] facts(Visit visit, WorkItem item) {
    Formats formats = visit.ui().formats();
    List<String> facts = item.facts();
    return switch (item.kind()) {
      case BUDGET_USED_UP, BUDGET_NEAR ->
          new Object[] {
            facts.get(0),
            amount(visit, Long.parseLong(facts.get(1)), facts.get(4), facts.get(5)),
            visit.text("money.period." + facts.get(2)),
            facts.get(3)
          };
      case CREDIT_USED_UP, CREDIT_NEAR ->
          new Object[] {formats.money(Long.parseLong(facts.get(0)), facts.get(2)), facts.get(1)};
      case DISK_FULL, DISK_LOW -> new Object[] {formats.bytes(Long.parseLong(facts.getFirst()))};
      case DATABASE_AWAY,
          LEDGER_BROKEN,
          DIFFERENCES,
          QUARANTINED,
          MODEL_BROKEN,
          MODEL_FAILED,
          PULL_FAILED,
          ALERTS_UNDELIVERED,
          TARGET_OPEN,
          QUEUE_LONG,
          LEDGER_UNVERIFIED,
          BACKUP_NONE,
          BACKUP_OLD,
          DATABASE_RESTARTED ->
          facts.toArray();
    };
  }

  private static String amount(Visit visit, long amount, String unit, String currency) {
    return unit.equals("money")
        ? visit.ui().formats().money(amount, currency)
        : visit.ui().formats().count(amount) + " " + visit.text("money.unit." + unit);
  }

  private static String href(WorkItem item) {
    String tenant = item.tenant().isEmpty() ? "" : "?tenant=" + encoded(item.tenant());
    return switch (item.kind()) {
      case BUDGET_USED_UP, BUDGET_NEAR -> "/console/money" + tenant + "#budgets";
      case CREDIT_USED_UP, CREDIT_NEAR -> "/console/money" + tenant + "#credit";
      case LEDGER_BROKEN, LEDGER_UNVERIFIED, DIFFERENCES, QUARANTINED -> "/console/money/proof";
      case MODEL_BROKEN, MODEL_FAILED, PULL_FAILED ->
          "/console/models/" + encoded(item.facts().getFirst());
      case TARGET_OPEN, QUEUE_LONG -> "/console/models";
      case ALERTS_UNDELIVERED,
          DATABASE_AWAY,
          DISK_FULL,
          DISK_LOW,
          BACKUP_NONE,
          BACKUP_OLD,
          DATABASE_RESTARTED ->
          "";
    };
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
