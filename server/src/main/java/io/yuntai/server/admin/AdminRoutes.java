package io.yuntai.server.admin;

import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.server.plans.PlanJobs;
import io.yuntai.server.shelf.ModelShelf;
import io.yuntai.server.standing.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All that the admin API does, in the order of its document. */
public final class AdminRoutes {
  /** Parameters of lists. */
  static final List<String> PAGED = List.of("limit", "cursor");

  private final List<AdminRoute> routes = new ArrayList<>();
  private final AdminServices services;

  /** On these services. */
  public AdminRoutes(AdminServices services) {
    this.services = services;
    new TenantRoutes(services).addTo(this);
    new PeopleRoutes(services).addTo(this);
    new BrandingRoutes(services).addTo(this);
    new KeyRoutes(services).addTo(this);
    new BudgetRoutes(services).addTo(this);
    new AlertRoutes(services).addTo(this);
    new ReportRoutes(services).addTo(this);
    new RequestRoutes(services).addTo(this);
    new TextRoutes(services).addTo(this);
    new PriceRoutes(services).addTo(this);
    new InvoiceRoutes(services).addTo(this);
  }

  /** The same with what belongs to the machine: models, and how the server stands. */
  public AdminRoutes with(ModelShelf shelf, Standing standing) {
    new MachineRoutes(services, shelf, standing).addTo(this);
    return this;
  }

  /** The same with capital plans. */
  public AdminRoutes with(PlanJobs plans) {
    new PlanRoutes(plans).addTo(this);
    return this;
  }

  List<AdminRoute> all() {
    return List.copyOf(routes);
  }

  void list(
      String path,
      String summary,
      Permission permission,
      String answer,
      AdminRoute.Handler handler) {
    add("GET", path, summary, Optional.of(permission), "", answer, 200, PAGED, handler);
  }

  void get(
      String path,
      String summary,
      Permission permission,
      String answer,
      AdminRoute.Handler handler) {
    add("GET", path, summary, Optional.of(permission), "", answer, 200, List.of(), handler);
  }

  void post(
      String path,
      String summary,
      Permission permission,
      String body,
      String answer,
      AdminRoute.Handler handler) {
    add("POST", path, summary, Optional.of(permission), body, answer, 201, List.of(), handler);
  }

  void patch(
      String path,
      String summary,
      Permission permission,
      String body,
      String answer,
      AdminRoute.Handler handler) {
    add("PATCH", path, summary, Optional.of(permission), body, answer, 200, List.of(), handler);
  }

  void delete(String path, String summary, Permission permission, AdminRoute.Handler handler) {
    add("DELETE", path, summary, Optional.of(permission), "", "", 204, List.of(), handler);
  }

  /** What only the operator may. */
  void operators(
      String method,
      String path,
      String summary,
      String body,
      String answer,
      int status,
      List<String> query,
      AdminRoute.Handler handler) {
    add(method, path, summary, Optional.empty(), body, answer, status, query, handler);
  }

  void add(
      String method,
      String path,
      String summary,
      Optional<Permission> permission,
      String body,
      String answer,
      int status,
      List<String> query,
      AdminRoute.Handler handler) {
    routes.add(
        new AdminRoute(
            method,
            path,
            summary,
            permission,
            Optional.of(body).filter(name -> !name.isEmpty()),
            Optional.of(answer).filter(name -> !name.isEmpty()),
            status,
            query,
            handler));
  }

  /** The tenant that a request's path names, where it is the caller's. */
  static Organisation tenant(AdminServices services, AdminRequest request) {
    return request.caller().tenant(services.tenancy().organisations(), request.name("tenant"));
  }
}
