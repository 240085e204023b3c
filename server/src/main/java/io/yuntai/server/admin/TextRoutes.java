package io.yuntai.server.admin;

import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.texts.KeptText;
import io.yuntai.ledger.texts.TextKeeping;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What was asked and answered, where a tenant wants it kept. */
final class TextRoutes {
  private static final String KEEPING = "/tenants/{tenant}/text-keeping";
  private static final JsonMapper JSON = new JsonMapper();

  private final AdminServices services;

  TextRoutes(AdminServices services) {
    this.services = services;
  }

  void addTo(AdminRoutes routes) {
    routes.get(
        KEEPING,
        "For how many days what a tenant asks and is answered is kept; 0 for not at all",
        Permission.READ,
        "TextKeeping",
        this::get);
    routes.patch(
        KEEPING,
        "Change for how long texts are kept; what is older is deleted at once",
        Permission.MEMBERS,
        "TextKeepingChange",
        "TextKeeping",
        this::change);
    routes.get(
        "/tenants/{tenant}/requests/{request}/text",
        "What a request of a key asked and was answered, where that is kept",
        Permission.KEYS,
        "RequestText",
        this::text);
  }

  private AdminAnswer get(AdminRequest request) {
    return told(services.texts().keeping(AdminRoutes.tenant(services, request)));
  }

  private AdminAnswer change(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    int days =
        request
            .body()
            .integer("days", 0, TextKeeping.MAX_DAYS)
            .orElseThrow(() ->
                RefusedException.invalid(
                    "days",
                    "Say for how many days texts are kept, 0 to %d."
                        .formatted(TextKeeping.MAX_DAYS)));
    request.body().refuseUnknown();
    return told(services.texts().keep(request.caller().actor(), org, days, request.expected()));
  }

  private static AdminAnswer told(TextKeeping keeping) {
    ObjectNode node =
        JsonNodeFactory.instance
            .objectNode()
            .put("days", keeping.days())
            .put("version", keeping.version());
    return AdminAnswer.of(node, keeping.version());
  }

  /** People see what they asked themselves in the console; what others asked is nobody's. */
  private AdminAnswer text(AdminRequest request) {
    Organisation org = AdminRoutes.tenant(services, request);
    String id = request.name("request");
    KeptText text =
        services
            .texts()
            .find(org, 0, id)
            .orElseThrow(() -> RefusedException.notFound("kept text of the request", id));
    ObjectNode node =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", text.requestId())
            .put("at", text.at().toString())
            .put("operation", text.operation())
            .put("continued", text.continued());
    node.set("asked", JSON.readTree(text.asked()));
    node.set("answered", JSON.readTree(text.answered()));
    return AdminAnswer.of(node);
  }
}
