package io.yuntai.server.admin;

import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.usage.SpendLeaf;
import io.yuntai.ledger.usage.UsageBy;
import io.yuntai.ledger.usage.UsageSum;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What was used, who did what. */
final class ReportRoutes {
  private static final Duration DEFAULT_SPAN = Duration.ofDays(30);

  private final AdminServices services;

  ReportRoutes(AdminServices services) {
    this.services = services;
  }

  void addTo(AdminRoutes routes) {
    routes.add(
        "GET",
        "/tenants/{tenant}/usage",
        "What a tenant used; the last thirty days unless it is said",
        Optional.of(Permission.READ),
        "",
        "Usage",
        200,
        List.of("by", "from", "to"),
        this::usage);
    routes.add(
        "GET",
        "/tenants/{tenant}/usage/export",
        "Every request of a tenant, a line each, as CSV or JSON lines; the last thirty days unless it is said",
        Optional.of(Permission.READ),
        "",
        "",
        200,
        List.of("format", "from", "to"),
        this::export);
    routes.add(
        "GET",
        "/tenants/{tenant}/spending",
        "What each key of each project used of each model, exactly; the last thirty days unless it is said",
        Optional.of(Permission.READ),
        "",
        "Spending",
        200,
        List.of("from", "to"),
        this::spending);
    routes.get(
        "/tenants/{tenant}/requests/{request}/proof",
        "Why a request costs what it does: its prices, what engines say of it, and its entry of the ledger",
        Permission.READ,
        "RequestProof",
        this::proof);
    routes.list(
        "/tenants/{tenant}/audit",
        "Who did what to a tenant, the newest first",
        Permission.READ_AUDIT,
        "AuditList",
        this::audit);
    routes.operators(
        "GET",
        "/audit",
        "Who did what to all tenants, the newest first",
        "",
        "AuditList",
        200,
        AdminRoutes.PAGED,
        this::auditOfAll);
  }

  private AdminAnswer usage(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    UsageBy by = UsageBy.of(request.exchange().query("by").orElse("model"));
    Instant now = services.clock().instant();
    // What comes while this is read belongs to it.
    Instant to = request.queryTime("to").orElse(now.plus(Duration.ofMinutes(1)));
    Instant from = request.queryTime("from").orElse(now.minus(DEFAULT_SPAN));
    List<UsageSum> sums = services.usage().sums(org, by, from, to);
    ObjectNode node =
        JsonNodeFactory.instance
            .objectNode()
            .put("tenant", org.name())
            .put("currency", org.currency())
            .put("by", by.label())
            .put("from", from.toString())
            .put("to", to.toString());
    ArrayNode items = node.putArray("items");
    sums.forEach(sum -> items.add(Views.usage(org, sum)));
    return AdminAnswer.of(node);
  }

  private AdminAnswer export(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    UsageLines lines = UsageLines.of(request.exchange().query("format").orElse("csv"), org);
    Instant now = services.clock().instant();
    Instant to = request.queryTime("to").orElse(now.plus(Duration.ofMinutes(1)));
    Instant from = request.queryTime("from").orElse(now.minus(DEFAULT_SPAN));
    if (!from.isBefore(to)) {
      throw RefusedException.invalid("to", "An export ends after it begins.");
    }
    return AdminAnswer.of(new ExportStream(services.exports(), org, lines, from, to));
  }

  private AdminAnswer spending(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    Instant now = services.clock().instant();
    Instant to = request.queryTime("to").orElse(now.plus(Duration.ofMinutes(1)));
    Instant from = request.queryTime("from").orElse(now.minus(DEFAULT_SPAN));
    ObjectNode node =
        JsonNodeFactory.instance
            .objectNode()
            .put("tenant", org.name())
            .put("currency", org.currency())
            .put("from", from.toString())
            .put("to", to.toString());
    BigDecimal sum = BigDecimal.ZERO.setScale(12);
    ArrayNode items = JsonNodeFactory.instance.arrayNode();
    for (SpendLeaf leaf : services.spending().leaves(org, from, to)) {
      items.add(MachineViews.leaf(leaf));
      sum = sum.add(leaf.amount());
    }
    node.put("amount", sum.toPlainString()).set("items", items);
    return AdminAnswer.of(node);
  }

  private AdminAnswer proof(AdminRequest request) {
    Organisation org = AdminRoutes.tenant(services, request);
    String id = request.name("request");
    RefusedException missing = RefusedException.notFound("request", id);
    if (!id.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
      throw missing;
    }
    return AdminAnswer.of(
        MachineViews.proven(
            services.proofs().find(org, UUID.fromString(id)).orElseThrow(() -> missing)));
  }

  private AdminAnswer audit(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    return AdminAnswer.of(
        Views.page(services.tenancy().audit().of(org.id(), request.page()), Views::audit));
  }

  private AdminAnswer auditOfAll(AdminRequest request) throws ApiException {
    return AdminAnswer.of(Views.page(services.tenancy().audit().all(request.page()), Views::audit));
  }
}
