package io.yuntai.server.admin;

import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.alerts.AlertDelivery;
import io.yuntai.ledger.alerts.AlertTarget;
import io.yuntai.ledger.alerts.AlertTargets;
import io.yuntai.ledger.alerts.AlertTargets.Made;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.tenancy.RefusedException.Reason;
import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Alerts of budgets, whom they are told, and how that stands. */
final class AlertRoutes {
  private static final String TARGETS = "/tenants/{tenant}/alert-targets";

  private final AdminServices services;
  private final AlertTargets targets;

  AlertRoutes(AdminServices services) {
    this.services = services;
    this.targets = services.alertTargets();
  }

  void addTo(AdminRoutes routes) {
    routes.list(
        "/tenants/{tenant}/alerts",
        "Budgets that reached their percentages, the newest first",
        Permission.READ,
        "AlertList",
        this::alerts);
    routes.list(
        "/tenants/{tenant}/alert-deliveries",
        "How the telling of alerts stands, the newest first",
        Permission.READ,
        "AlertDeliveryList",
        this::deliveries);
    routes.list(
        TARGETS, "Whom a tenant's alerts are told", Permission.READ, "AlertTargetList", this::list);
    routes.post(
        TARGETS,
        "Tell a URL or an e-mail address; a webhook's secret is in this answer only",
        Permission.BUDGETS,
        "NewAlertTarget",
        "CreatedAlertTarget",
        this::add);
    routes.delete(TARGETS + "/{target}", "Tell it nothing more", Permission.BUDGETS, this::remove);
  }

  private AdminAnswer alerts(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    return AdminAnswer.of(
        Views.page(services.alerts().list(org, request.page()), alert -> Views.alert(org, alert)));
  }

  private AdminAnswer deliveries(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    return AdminAnswer.of(
        Views.page(services.alertOutbox().list(org, request.page()), AlertRoutes::delivery));
  }

  private AdminAnswer list(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    return AdminAnswer.of(Views.page(targets.list(org, request.page()), AlertRoutes::target));
  }

  private AdminAnswer add(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    String kind = request.text("kind");
    String address = request.text("address");
    request.body().refuseUnknown();
    Made made =
        switch (kind) {
          case "webhook" -> targets.addWebhook(request.caller().actor(), org, address);
          case "email" -> addEmail(request, org, address);
          default -> throw RefusedException.invalid("kind", "The kind is webhook or email.");
        };
    return new AdminAnswer(
        201,
        target(made.target()).put("secret", made.secret().isEmpty() ? null : made.secret()),
        OptionalLong.empty());
  }

  /** Tenants write to their own members only, so that nobody is sent what nobody wants. */
  private Made addEmail(AdminRequest request, Organisation org, String address) {
    if (!services.mails()) {
      throw new RefusedException(
          Reason.CONFLICT,
          "kind",
          "This server is told of no mail server: whoever runs it sets [alerts.smtp].");
    }
    if (!request.caller().operates()) {
      services.tenancy().members().find(org, address);
    }
    return targets.addEmail(request.caller().actor(), org, address);
  }

  private AdminAnswer remove(AdminRequest request) {
    targets.remove(
        request.caller().actor(), AdminRoutes.tenant(services, request), request.name("target"));
    return AdminAnswer.NOTHING;
  }

  private static ObjectNode target(AlertTarget target) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", Long.toString(target.id()))
        .put("kind", target.kind().label())
        .put("address", target.address())
        .put("created", target.created().toString());
  }

  private static ObjectNode delivery(AlertDelivery delivery) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", Long.toString(delivery.id()))
        .put("alert", Long.toString(delivery.alertId()))
        .put("kind", delivery.target().kind().label())
        .put("address", delivery.target().address())
        .put(
            "state",
            delivery.delivered() != null
                ? "delivered"
                : delivery.failed() != null ? "failed" : "waiting")
        .put("attempts", delivery.attempts())
        .put("next", text(delivery.next()))
        .put("delivered", text(delivery.delivered()))
        .put("failed", text(delivery.failed()))
        .put("problem", delivery.problem());
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }
}
