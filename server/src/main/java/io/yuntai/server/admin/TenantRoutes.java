package io.yuntai.server.admin;

import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.tenancy.NewOrganisation;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Organisation.Billing;
import io.yuntai.ledger.tenancy.OrganisationChange;
import io.yuntai.ledger.tenancy.Organisations;
import io.yuntai.ledger.tenancy.Page;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.ledger.tenancy.Project;
import io.yuntai.ledger.tenancy.Projects;
import io.yuntai.ledger.tenancy.RefusedException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Tenants and their projects. */
final class TenantRoutes {
  private static final String TENANT = "/tenants/{tenant}";
  private static final String PROJECTS = TENANT + "/projects";
  private static final String PROJECT = PROJECTS + "/{project}";

  private final AdminServices services;
  private final Organisations organisations;
  private final Projects projects;

  TenantRoutes(AdminServices services) {
    this.services = services;
    this.organisations = services.tenancy().organisations();
    this.projects = services.tenancy().projects();
  }

  void addTo(AdminRoutes routes) {
    routes.list(
        "/tenants",
        "The tenants; for a tenant's key its own, for a person all that they belong to",
        Permission.READ,
        "TenantList",
        this::list);
    routes.operators(
        "POST", "/tenants", "Make a tenant", "NewTenant", "Tenant", 201, List.of(), this::create);
    routes.get(TENANT, "A tenant", Permission.READ, "Tenant", this::get);
    routes.patch(
        TENANT,
        "Change a tenant; what limits it, only the operator",
        Permission.OWN,
        "TenantChange",
        "Tenant",
        this::change);
    routes.operators(
        "DELETE",
        TENANT,
        "Delete a tenant: its keys are refused, its usage stays",
        "",
        "",
        204,
        List.of(),
        this::delete);
    routes.list(
        PROJECTS, "A tenant's projects", Permission.READ, "ProjectList", this::listProjects);
    routes.post(
        PROJECTS,
        "Make a project",
        Permission.PROJECTS,
        "NewProject",
        "Project",
        this::createProject);
    routes.get(PROJECT, "A project", Permission.READ, "Project", this::getProject);
    routes.patch(
        PROJECT,
        "Change a project",
        Permission.PROJECTS,
        "ProjectChange",
        "Project",
        this::changeProject);
    routes.delete(
        PROJECT, "Delete a project that has no keys", Permission.PROJECTS, this::deleteProject);
  }

  private AdminAnswer list(AdminRequest request) throws ApiException {
    AdminCaller caller = request.caller();
    Page<Organisation> page =
        caller.operates()
            ? organisations.list(request.page())
            : new Page<>(
                caller.tenants().stream().map(organisations::find).toList(), Optional.empty());
    return AdminAnswer.of(Views.page(page, services::view));
  }

  private AdminAnswer show(Organisation org, int status) {
    return new AdminAnswer(status, services.view(org), OptionalLong.of(org.version()));
  }

  private AdminAnswer create(AdminRequest request) throws ApiException {
    NewOrganisation wanted =
        new NewOrganisation(
            request.text("name"),
            request.optionalText("title").orElse(""),
            request.text("currency"),
            Billing.of(request.optionalText("billing").orElse("postpaid")),
            request.optionalText("time_zone").orElse("UTC"));
    request.body().refuseUnknown();
    return show(organisations.create(request.caller().actor(), wanted), 201);
  }

  private AdminAnswer get(AdminRequest request) {
    return show(AdminRoutes.tenant(services, request), 200);
  }

  private AdminAnswer change(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    @Nullable String billing = request.optionalText("billing").orElse(null);
    @Nullable Boolean suspended = suspended(request.optionalText("status").orElse(null));
    @Nullable Boolean failOpen = failOpen(request.optionalText("fail_mode").orElse(null));
    if (billing != null || suspended != null || failOpen != null) {
      request.caller().requireOperator();
    }
    OrganisationChange change =
        new OrganisationChange(
            request.optionalText("title").orElse(null),
            billing == null ? null : Billing.of(billing),
            request.optionalText("time_zone").orElse(null),
            failOpen,
            answersGoOn(request.optionalText("on_disconnect").orElse(null)),
            suspended);
    request.body().refuseUnknown();
    return show(
        organisations.change(request.caller().actor(), org.name(), change, request.expected()),
        200);
  }

  private static @Nullable Boolean suspended(@Nullable String status) {
    return switch (status) {
      case null -> null;
      case "active" -> false;
      case "suspended" -> true;
      default -> throw RefusedException.invalid("status", "The status is active or suspended.");
    };
  }

  private static @Nullable Boolean answersGoOn(@Nullable String word) {
    return switch (word) {
      case null -> null;
      case "stop" -> false;
      case "continue" -> true;
      default ->
          throw RefusedException.invalid(
              "on_disconnect", "What becomes of answers is stop or continue.");
    };
  }

  private static @Nullable Boolean failOpen(@Nullable String mode) {
    return switch (mode) {
      case null -> null;
      case "closed" -> false;
      case "open" -> true;
      default -> throw RefusedException.invalid("fail_mode", "The fail mode is closed or open.");
    };
  }

  private AdminAnswer delete(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    organisations.delete(request.caller().actor(), org.name(), request.expected());
    return AdminAnswer.NOTHING;
  }

  private AdminAnswer listProjects(AdminRequest request) throws ApiException {
    return AdminAnswer.of(
        Views.page(
            projects.list(AdminRoutes.tenant(services, request), request.page()), Views::project));
  }

  private AdminAnswer createProject(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    String name = request.text("name");
    String title = request.optionalText("title").orElse("");
    request.body().refuseUnknown();
    Project made = projects.create(request.caller().actor(), org, name, title);
    return AdminAnswer.made(Views.project(made), made.version());
  }

  private AdminAnswer getProject(AdminRequest request) {
    Project project = projects.find(AdminRoutes.tenant(services, request), request.name("project"));
    return AdminAnswer.of(Views.project(project), project.version());
  }

  private AdminAnswer changeProject(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    String title = request.text("title");
    request.body().refuseUnknown();
    Project changed =
        projects.rename(
            request.caller().actor(), org, request.name("project"), title, request.expected());
    return AdminAnswer.of(Views.project(changed), changed.version());
  }

  private AdminAnswer deleteProject(AdminRequest request) throws ApiException {
    projects.delete(
        request.caller().actor(),
        AdminRoutes.tenant(services, request),
        request.name("project"),
        request.expected());
    return AdminAnswer.NOTHING;
  }
}
