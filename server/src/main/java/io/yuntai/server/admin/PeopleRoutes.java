package io.yuntai.server.admin;

import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.identity.SignInLink;
import io.yuntai.ledger.tenancy.Member;
import io.yuntai.ledger.tenancy.Members;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.ledger.tenancy.Project;
import io.yuntai.ledger.tenancy.Role;
import io.yuntai.ledger.tenancy.ServiceAccount;
import io.yuntai.ledger.tenancy.ServiceAccounts;
import io.yuntai.server.auth.SignInAddress;
import java.util.OptionalLong;
import tools.jackson.databind.node.JsonNodeFactory;

/** Members and service accounts of tenants. */
final class PeopleRoutes {
  private static final String MEMBERS = "/tenants/{tenant}/members";
  private static final String MEMBER = MEMBERS + "/{email}";
  private static final String ACCOUNTS = "/tenants/{tenant}/service-accounts";
  private static final String ACCOUNT = ACCOUNTS + "/{account}";

  private final AdminServices services;
  private final Members members;
  private final ServiceAccounts accounts;

  PeopleRoutes(AdminServices services) {
    this.services = services;
    this.members = services.tenancy().members();
    this.accounts = services.tenancy().serviceAccounts();
  }

  void addTo(AdminRoutes routes) {
    routes.list(MEMBERS, "A tenant's members", Permission.READ, "MemberList", this::list);
    routes.post(MEMBERS, "Add a member", Permission.MEMBERS, "NewMember", "Member", this::add);
    routes.get(MEMBER, "A member", Permission.READ, "Member", this::get);
    routes.patch(
        MEMBER,
        "Give a member another role",
        Permission.MEMBERS,
        "MemberChange",
        "Member",
        this::change);
    routes.delete(
        MEMBER,
        "Remove a member; the member's keys are refused from then on",
        Permission.MEMBERS,
        this::remove);
    routes.post(
        MEMBER + "/link",
        "Make a link that lets a member in once; it opens this tenant, the operator's all",
        Permission.MEMBERS,
        "",
        "SignInLink",
        this::link);
    routes.list(
        ACCOUNTS,
        "A tenant's service accounts",
        Permission.READ,
        "ServiceAccountList",
        this::listAccounts);
    routes.post(
        ACCOUNTS,
        "Make a service account",
        Permission.PROJECTS,
        "NewServiceAccount",
        "ServiceAccount",
        this::createAccount);
    routes.get(ACCOUNT, "A service account", Permission.READ, "ServiceAccount", this::getAccount);
    routes.delete(
        ACCOUNT,
        "Delete a service account; its keys are refused from then on",
        Permission.PROJECTS,
        this::deleteAccount);
  }

  private AdminAnswer list(AdminRequest request) throws ApiException {
    return AdminAnswer.of(
        Views.page(
            members.list(AdminRoutes.tenant(services, request), request.page()), Views::member));
  }

  private AdminAnswer add(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    String email = request.text("email");
    String name = request.optionalText("name").orElse("");
    Role role = Role.of(request.text("role"));
    request.body().refuseUnknown();
    requireOwnFor(request, role);
    Member added = members.add(request.caller().actor(), org, email, name, role);
    return AdminAnswer.made(Views.member(added), added.version());
  }

  /** Owners are made and unmade by owners. */
  private static void requireOwnFor(AdminRequest request, Role role) {
    if (role == Role.OWNER) {
      request.require(Permission.OWN);
    }
  }

  private AdminAnswer get(AdminRequest request) {
    Member member = members.find(AdminRoutes.tenant(services, request), request.name("email"));
    return AdminAnswer.of(Views.member(member), member.version());
  }

  private AdminAnswer change(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    Role role = Role.of(request.text("role"));
    request.body().refuseUnknown();
    requireOwnFor(request, role);
    requireOwnFor(request, members.find(org, request.name("email")).role());
    Member changed =
        members.change(
            request.caller().actor(), org, request.name("email"), role, request.expected());
    return AdminAnswer.of(Views.member(changed), changed.version());
  }

  private AdminAnswer remove(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    requireOwnFor(request, members.find(org, request.name("email")).role());
    members.remove(request.caller().actor(), org, request.name("email"), request.expected());
    return AdminAnswer.NOTHING;
  }

  private AdminAnswer link(AdminRequest request) {
    Organisation org = AdminRoutes.tenant(services, request);
    Member member = members.find(org, request.name("email"));
    requireOwnFor(request, member.role());
    boolean everywhere = request.caller().operates();
    SignInLink link =
        services.identity().links().forMember(request.caller().actor(), org, member, everywhere);
    return new AdminAnswer(
        201,
        JsonNodeFactory.instance
            .objectNode()
            .put("email", link.email())
            .put("token", link.token())
            .put("path", SignInAddress.of("", link))
            .put("only_tenant", everywhere ? null : org.name())
            .put("expires", link.expires().toString()),
        OptionalLong.empty());
  }

  private AdminAnswer listAccounts(AdminRequest request) throws ApiException {
    return AdminAnswer.of(
        Views.page(
            accounts.list(AdminRoutes.tenant(services, request), request.page()),
            Views::serviceAccount));
  }

  private AdminAnswer createAccount(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    String name = request.text("name");
    Role role = Role.of(request.optionalText("role").orElse("developer"));
    String projectName = request.optionalText("project").orElse(Organisation.DEFAULT);
    request.body().refuseUnknown();
    if (role == Role.ADMIN) {
      request.require(Permission.MEMBERS);
    }
    Project project = services.tenancy().projects().find(org, projectName);
    ServiceAccount made = accounts.create(request.caller().actor(), org, name, project, role);
    return AdminAnswer.made(Views.serviceAccount(made), made.version());
  }

  private AdminAnswer getAccount(AdminRequest request) {
    ServiceAccount account =
        accounts.find(AdminRoutes.tenant(services, request), request.name("account"));
    return AdminAnswer.of(Views.serviceAccount(account), account.version());
  }

  private AdminAnswer deleteAccount(AdminRequest request) throws ApiException {
    accounts.delete(
        request.caller().actor(),
        AdminRoutes.tenant(services, request),
        request.name("account"),
        request.expected());
    return AdminAnswer.NOTHING;
  }
}
