package io.yuntai.server.admin;

import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.server.shelf.ModelShelf;
import io.yuntai.server.shelf.PullState;
import io.yuntai.server.standing.LedgerProof;
import io.yuntai.server.standing.Standing;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Models of this machine, and how the server stands. */
final class MachineRoutes {
  private static final String MODELS = "/models";
  private static final String MODEL = MODELS + "/{model}";
  private static final String PULLS = "/model-pulls";
  private static final String PULL = PULLS + "/{pull}";
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final AdminServices services;
  private final ModelShelf shelf;
  private final Standing standing;

  MachineRoutes(AdminServices services, ModelShelf shelf, Standing standing) {
    this.services = services;
    this.shelf = shelf;
    this.standing = standing;
  }

  void addTo(AdminRoutes routes) {
    models(routes);
    routes.operators(
        "GET",
        "/standing",
        "What of this server needs a person, what is most urgent first",
        "",
        "Standing",
        200,
        List.of(),
        _ -> AdminAnswer.of(MachineViews.work(standing.work())));
    routes.get(
        "/tenants/{tenant}/standing",
        "What needs somebody of a tenant",
        Permission.READ,
        "Standing",
        request ->
            AdminAnswer.of(
                MachineViews.work(standing.work(AdminRoutes.tenant(services, request).id()))));
    routes.operators(
        "GET",
        "/ledger/proof",
        "Whether the ledger is right, as it was verified last",
        "",
        "LedgerProof",
        200,
        List.of(),
        _ -> proof(standing.proof().last().orElseGet(() -> standing.proof().now())));
    routes.operators(
        "POST",
        "/ledger/proof",
        "Verify the whole ledger now",
        "",
        "LedgerProof",
        200,
        List.of(),
        _ -> proof(standing.proof().now()));
  }

  private void models(AdminRoutes routes) {
    routes.operators(
        "GET",
        MODELS,
        "Models of the catalogue and of this machine: state, size, fit and expected speed",
        "",
        "ModelList",
        200,
        List.of(),
        _ -> list());
    routes.operators(
        "GET", MODEL, "A model", "", "ShelfModel", 200, List.of(), request -> model(request));
    routes.operators(
        "POST",
        MODEL + "/serve",
        "Load a model that lies here, beside those that run; its state tells how it goes",
        "",
        "ShelfModel",
        200,
        List.of(),
        request -> {
          shelf.serve(request.name("model"));
          return model(request);
        });
    routes.operators(
        "POST",
        MODEL + "/retire",
        "Serve a model no longer; what runs gets half a minute, and it stays on this machine",
        "",
        "ShelfModel",
        200,
        List.of(),
        request -> {
          shelf.retire(request.name("model"));
          return model(request);
        });
    routes.operators(
        "DELETE",
        MODEL,
        "Remove a model from this machine",
        "",
        "",
        204,
        List.of(),
        request -> {
          long _ = shelf.remove(request.name("model"));
          return AdminAnswer.NOTHING;
        });
    routes.operators(
        "GET", PULLS, "Pulls, the latest first", "", "PullList", 200, List.of(), _ -> pulls());
    routes.operators(
        "POST",
        PULLS,
        "Pull a model in the background; what an earlier pull left is gone on with",
        "NewPull",
        "Pull",
        201,
        List.of(),
        this::pull);
    routes.operators("GET", PULL, "A pull", "", "Pull", 200, List.of(), this::showPull);
    routes.operators(
        "DELETE",
        PULL,
        "Cancel a pull; what was fetched is kept",
        "",
        "",
        204,
        List.of(),
        request -> {
          shelf.pulls().cancel(request.name("pull"));
          return AdminAnswer.NOTHING;
        });
  }

  private AdminAnswer list() {
    ObjectNode node = JSON.objectNode();
    ArrayNode items = node.putArray("items");
    shelf.list().forEach(model -> items.add(MachineViews.model(model)));
    return AdminAnswer.of(node);
  }

  private AdminAnswer model(AdminRequest request) {
    String name = request.name("model");
    return AdminAnswer.of(
        MachineViews.model(
            shelf.find(name).orElseThrow(() -> RefusedException.notFound("model", name))));
  }

  private AdminAnswer pulls() {
    ObjectNode node = JSON.objectNode();
    ArrayNode items = node.putArray("items");
    shelf.pulls().list().forEach(pull -> items.add(MachineViews.pull(pull)));
    return AdminAnswer.of(node);
  }

  private AdminAnswer pull(AdminRequest request) throws ApiException {
    String model = request.text("model");
    request.body().refuseUnknown();
    return new AdminAnswer(
        201, MachineViews.pull(shelf.pulls().start(model)), OptionalLong.empty());
  }

  private AdminAnswer showPull(AdminRequest request) {
    String id = request.name("pull");
    Optional<PullState> pull = shelf.pulls().find(id);
    return AdminAnswer.of(
        MachineViews.pull(pull.orElseThrow(() -> RefusedException.notFound("pull", id))));
  }

  private static AdminAnswer proof(LedgerProof.Proof proof) {
    return AdminAnswer.of(MachineViews.proof(proof));
  }
}
