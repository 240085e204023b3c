package io.yuntai.server.admin;

import io.yuntai.ledger.usage.ProvenRequest;
import io.yuntai.ledger.usage.SpendLeaf;
import io.yuntai.models.pull.PullEvent;
import io.yuntai.server.shelf.Fit;
import io.yuntai.server.shelf.PullState;
import io.yuntai.server.shelf.ShelfModel;
import io.yuntai.server.standing.LedgerProof;
import io.yuntai.server.standing.WorkItem;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** This machine, its books and what needs somebody, as the admin API shows them. */
final class MachineViews {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private MachineViews() {}

  static ObjectNode model(ShelfModel model) {
    ObjectNode node =
        JSON.objectNode()
            .put("name", model.name())
            .put("description", model.description())
            .put("licence", model.licence())
            .put("kind", model.kind())
            .put("context_tokens", model.contextTokens())
            .put("size_bytes", model.sizeBytes())
            .put("sha256", model.digest().isEmpty() ? null : model.digest())
            .put("state", label(model.state()))
            .put("since", model.since().map(Object::toString).orElse(null))
            .put("problem", model.problem().isEmpty() ? null : model.problem())
            .put("served_as", model.servedAs().isEmpty() ? null : model.servedAs());
    Fit fit = model.fit();
    node.putObject("fit")
        .put("verdict", label(fit.verdict()))
        .put("need_bytes", fit.needBytes())
        .put("available_bytes", fit.availableBytes())
        .put("exact", fit.exact())
        .put("expected_tokens_per_second", Math.round(fit.tokensPerSecond() * 10) / 10.0);
    return node;
  }

  static ObjectNode pull(PullState pull) {
    ObjectNode node =
        JSON.objectNode()
            .put("id", pull.id())
            .put("model", pull.model())
            .put("phase", label(pull.phase()))
            .put("since", pull.since().toString())
            .put("source", pull.source())
            .put("problem", pull.problem().isEmpty() ? null : pull.problem())
            .put("bytes", pull.progress().map(PullEvent.Progress::bytes).orElse(0L))
            .put("total_bytes", pull.progress().map(PullEvent.Progress::totalBytes).orElse(-1L))
            .put(
                "bytes_per_second",
                Math.round(pull.progress().map(PullEvent.Progress::bytesPerSecond).orElse(0.0)))
            .put("eta_seconds", pull.progress().map(PullEvent.Progress::etaSeconds).orElse(-1L));
    ArrayNode log = node.putArray("log");
    pull.log()
        .forEach(line -> log.addObject().put("at", line.at().toString()).put("text", line.text()));
    return node;
  }

  static ObjectNode work(List<WorkItem> items) {
    ObjectNode node = JSON.objectNode();
    ArrayNode array = node.putArray("items");
    for (WorkItem item : items) {
      ObjectNode one =
          array
              .addObject()
              .put("kind", label(item.kind()))
              .put("urgency", label(item.kind().urgency()))
              .put("since", item.since().toString())
              .put("tenant", item.tenant().isEmpty() ? null : item.tenant())
              .put("detail", item.detail());
      ArrayNode facts = one.putArray("facts");
      item.facts().forEach(facts::add);
    }
    return node;
  }

  static ObjectNode proof(LedgerProof.Proof proof) {
    ObjectNode node =
        JSON.objectNode()
            .put("holds", proof.holds())
            .put("at", proof.at().toString())
            .put("took_milliseconds", proof.took().toMillis())
            .put("rows", proof.rows())
            .put("quarantined", proof.quarantined())
            .put("differences", proof.differences())
            .put("problem", proof.problem().isEmpty() ? null : proof.problem());
    ArrayNode checks = node.putArray("checks");
    proof
        .checks()
        .forEach(check ->
            checks
                .addObject()
                .put("name", check.name())
                .put("rule", check.rule())
                .put("rows", check.rows())
                .put("bad", check.bad())
                .put("first_bad", check.firstBad().isEmpty() ? null : check.firstBad()));
    return node;
  }

  static ObjectNode leaf(SpendLeaf leaf) {
    return JSON.objectNode()
        .put("project", leaf.project())
        .put("key", leaf.key())
        .put("key_name", leaf.keyName())
        .put("person", leaf.person())
        .put("model", leaf.model())
        .put("requests", leaf.requests())
        .put("input_tokens", leaf.inputTokens())
        .put("cached_tokens", leaf.cachedTokens())
        .put("output_tokens", leaf.outputTokens())
        .put("amount", leaf.amount().toPlainString());
  }

  static ObjectNode proven(ProvenRequest proven) {
    ObjectNode node =
        JSON.objectNode()
            .put("request_id", proven.row().requestId().toString())
            .put("at", proven.row().at().toString())
            .put("model", proven.row().model())
            .put("status", proven.row().status())
            .put("amount", proven.row().amount().toPlainString());
    proven
        .prices()
        .ifPresentOrElse(
            prices -> {
              ObjectNode shown =
                  node.putObject("prices")
                      .put("card", prices.card())
                      .put("card_sha256", prices.cardSha256())
                      .put("book", prices.book())
                      .put("book_sha256", prices.bookSha256());
              ArrayNode parts = shown.putArray("parts");
              prices
                  .parts()
                  .forEach(part ->
                      parts
                          .addObject()
                          .put("meter", part.meter().text())
                          .put("units", part.units())
                          .put("price_pico", part.pricePico())
                          .put("amount", part.amount().toPlainString()));
            },
            () -> node.putNull("prices"));
    ArrayNode receipts = node.putArray("receipts");
    proven
        .receipts()
        .forEach(receipt ->
            receipts
                .addObject()
                .put("engine", receipt.engine())
                .put("input", receipt.input())
                .put("cache_hit", receipt.cacheHit())
                .put("generated", receipt.generated())
                .put("at", receipt.at().toString()));
    ProvenRequest.Entry entry = proven.entry();
    ObjectNode shown =
        node.putObject("entry")
            .put("seq", entry.seq())
            .put("at", entry.at().toString())
            .put("kind", entry.kind())
            .put("requests", entry.requests())
            .put("hash", entry.hash())
            .put("previous", entry.previous());
    ArrayNode lines = shown.putArray("lines");
    entry
        .lines()
        .forEach(line ->
            lines
                .addObject()
                .put("line", line.line())
                .put("debit", line.debit())
                .put("credit", line.credit())
                .put("amount", line.amount().toPlainString())
                .put("currency", line.currency()));
    return node;
  }

  private static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
