package io.yuntai.console.develop;

import io.yuntai.console.page.Visit;
import io.yuntai.console.table.Cell;
import io.yuntai.console.table.Listing;
import io.yuntai.console.table.Table.Column;
import io.yuntai.ledger.keys.ApiKey;
import io.yuntai.ledger.keys.ApiKeys;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.PageRequest;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.server.admin.Views;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A tenant's keys, the newest first; of very many the last ones that were made. */
final class KeyTable {
  static final String ID = "keys";

  private final Visit visit;
  private final Organisation org;
  private final Instant now;

  private KeyTable(Visit visit, Organisation org, Instant now) {
    this.visit = visit;
    this.org = org;
    this.now = now;
  }

  /**
   * The keys.
   *
   * @param all revoked and expired ones, too, and those that the page made for itself
   */
  static Listing<ApiKey> of(Visit visit, ApiKeys keys, Organisation org, boolean all, Instant now) {
    List<ApiKey> shown =
        newest(keys, org).stream()
            .filter(key -> all || (Views.state(key, now).equals("valid") && !RunKeys.isOne(key)))
            .toList();
    return Listing.of(visit, ID, new KeyTable(visit, org, now).columns(), shown);
  }

  private static List<ApiKey> newest(ApiKeys all, Organisation org) {
    Deque<ApiKey> keys = new ArrayDeque<>();
    Optional<String> cursor = Optional.empty();
    do {
      var page = all.list(org.id(), new PageRequest(cursor, PageRequest.MAX_LIMIT));
      page.items().forEach(keys::addFirst);
      cursor = page.next();
      while (keys.size() > Listing.SORTED) {
        keys.removeLast();
      }
    } while (cursor.isPresent());
    return List.copyOf(keys);
  }

  private List<Column<ApiKey>> columns() {
    List<Column<ApiKey>> columns = new ArrayList<>();
    Column<ApiKey> id =
        Column.of("id", visit.text("develop.key.id"), key -> new Cell.Code(key.id()));
    columns.add(id.onRequest());
    columns.add(
        Column.of("name", visit.text("develop.key.name"), key -> new Cell.Text(key.name())));
    columns.add(
        Column.of(
            "prefix", visit.text("develop.key.prefix"), key -> new Cell.Code(key.prefix() + "…")));
    columns.add(Column.of("state", visit.text("develop.key.state"), this::state));
    columns.add(
        Column.of(
            "project",
            visit.text("requests.project"),
            key -> new Cell.Text(key.owner().project())));
    columns.add(Column.of("models", visit.text("develop.key.models"), this::models));
    Column<ApiKey> created =
        Column.of(
            "created", visit.text("develop.key.created"), key -> new Cell.Time(key.created()));
    columns.add(created.onRequest());
    columns.add(
        Column.of(
            "expires",
            visit.text("develop.key.expires"),
            key -> time(key.expires(), visit.text("develop.key.never"))));
    columns.add(
        Column.of("last_used", visit.text("develop.key.used"), key -> time(key.lastUsed(), "–")));
    if (visit.may(Permission.KEYS)) {
      columns.add(Column.of("actions", visit.text("ui.actions"), this::edit));
    }
    return columns;
  }

  private Cell state(ApiKey key) {
    String state = Views.state(key, now);
    return new Cell.Badge(
        visit.text("develop.key." + state), state.equals("valid") ? Cell.Tone.OK : Cell.Tone.PLAIN);
  }

  private Cell models(ApiKey key) {
    String models =
        String.join(", ", key.limits().models().stream().map(pattern -> pattern.text()).toList());
    return new Cell.Worded(models.isEmpty() ? visit.text("develop.key.any") : models, models);
  }

  private static Cell time(@Nullable Instant at, String without) {
    return at == null ? new Cell.Worded(without, "") : new Cell.Time(at);
  }

  private Cell edit(ApiKey key) {
    if (key.revoked() != null) {
      return new Cell.Nothing();
    }
    String at = DevelopPage.PATH + "?tenant=" + org.name();
    Cell.Form rotate =
        new Cell.Form(
            List.of(
                new Cell.Input(
                    visit.text("develop.key.overlap"),
                    "overlap",
                    "24",
                    List.of(
                        Map.entry("0", visit.text("develop.key.overlap.none")),
                        Map.entry("1", "1 h"),
                        Map.entry("24", "1 d"),
                        Map.entry("168", "7 d")))),
            new Cell.Button(
                visit.text("develop.key.rotate"), at, Map.of("do", "rotate", "key", key.id()), ""),
            "");
    Cell.Form revoke =
        new Cell.Form(
            List.of(),
            new Cell.Button(
                visit.text("develop.key.revoke"),
                at,
                Map.of("do", "revoke", "key", key.id()),
                visit.text("develop.key.revoke.sure", key.name())),
            "danger");
    return new Cell.Edit(
        visit.text("develop.key.change"),
        List.of(
            new Cell.Link(
                visit.text("develop.key.budget"),
                "/console/money?tenant=" + org.name() + "&target=key:" + key.id() + "#budgets"),
            new Cell.Link(
                visit.text("requests.title"),
                "/console/requests?tenant=" + org.name() + "&key=" + key.id())),
        List.of(rotate, revoke));
  }
}
