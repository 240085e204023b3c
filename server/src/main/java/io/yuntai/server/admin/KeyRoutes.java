package io.yuntai.server.admin;

import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.budgets.BudgetTarget;
import io.yuntai.ledger.budgets.BudgetText;
import io.yuntai.ledger.budgets.Level;
import io.yuntai.ledger.keys.ApiKey;
import io.yuntai.ledger.keys.ApiKeys;
import io.yuntai.ledger.keys.CreatedKey;
import io.yuntai.ledger.keys.KeyChange;
import io.yuntai.ledger.keys.ModelPattern;
import io.yuntai.ledger.keys.Network;
import io.yuntai.ledger.keys.NewKey;
import io.yuntai.ledger.keys.Scope;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.tenancy.ExpectedVersion;
import io.yuntai.ledger.tenancy.Member;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.tenancy.Role;
import io.yuntai.ledger.tenancy.ServiceAccount;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Keys of tenants. */
final class KeyRoutes {
  private static final String KEYS = "/tenants/{tenant}/keys";
  private static final String KEY = KEYS + "/{key}";
  private static final int DEFAULT_OVERLAP_SECONDS = 86_400;
  private static final int MAX_OVERLAP_SECONDS = 90 * 86_400;

  private final AdminServices services;
  private final ApiKeys keys;

  KeyRoutes(AdminServices services) {
    this.services = services;
    this.keys = services.keys();
  }

  void addTo(AdminRoutes routes) {
    routes.list(KEYS, "A tenant's keys, the newest first", Permission.READ, "KeyList", this::list);
    routes.post(
        KEYS,
        "Make a key; its text is in this answer only",
        Permission.KEYS,
        "NewKey",
        "CreatedKey",
        this::create);
    routes.get(KEY, "A key", Permission.READ, "Key", this::get);
    routes.patch(KEY, "Change a key", Permission.KEYS, "KeyChange", "Key", this::change);
    routes.delete(KEY, "Revoke a key for ever", Permission.KEYS, this::revoke);
    routes.post(
        KEY + "/rotate",
        "Make another key in the place of one, which works on for a while",
        Permission.KEYS,
        "KeyRotation",
        "CreatedKey",
        this::rotate);
  }

  private AdminAnswer list(AdminRequest request) throws ApiException {
    return AdminAnswer.of(
        Views.page(
            keys.list(AdminRoutes.tenant(services, request).id(), request.page()), this::view));
  }

  private ObjectNode view(ApiKey key) {
    return Views.key(key, services.clock().instant());
  }

  private AdminAnswer get(AdminRequest request) {
    ApiKey key = keys.find(AdminRoutes.tenant(services, request).id(), request.name("key"));
    return AdminAnswer.of(view(key), key.version());
  }

  private AdminAnswer create(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    String name = request.text("name");
    String project = request.optionalText("project").orElse(Organisation.DEFAULT);
    Optional<String> user = request.optionalText("user");
    Optional<String> account = request.optionalText("service_account");
    @Nullable List<String> scopes = request.texts("scopes");
    List<ModelPattern> models = orNone(patterns(request.texts("models")));
    List<Network> networks = orNone(networks(request.texts("ip_ranges")));
    @Nullable Instant expires = request.time("expires");
    Optional<String> budget = request.optionalText("budget");
    request.body().refuseUnknown();
    if (user.isPresent() && account.isPresent()) {
      throw RefusedException.invalid(
          "service_account", "A key is a member's or a service account's, not both.");
    }
    if (budget.isPresent()) {
      request.require(Permission.BUDGETS);
    }
    Optional<Set<Scope>> wanted =
        Optional.ofNullable(scopes).filter(list -> !list.isEmpty()).map(KeyRoutes::scopes);
    requireRight(request, org, wanted.orElse(Set.of()), user, account);
    NewKey key =
        new NewKey(
            name,
            org.id(),
            services.tenancy().projects().find(org, project).id(),
            user.map(email -> services.tenancy().members().find(org, email).userId()).orElse(0L),
            account.map(of -> services.tenancy().serviceAccounts().find(org, of).id()).orElse(0L),
            wanted,
            models,
            networks,
            expires);
    CreatedKey made = services.tenancy().together(() -> make(request, org, key, budget));
    return created(org, made);
  }

  private CreatedKey make(
      AdminRequest request, Organisation org, NewKey key, Optional<String> budget) {
    CreatedKey made = keys.create(request.caller().actor(), key);
    if (budget.isPresent()) {
      long rowId = keys.find(org.id(), made.id()).rowId();
      services
          .budgets()
          .set(
              request.caller().actor(),
              org,
              new BudgetTarget(Level.KEY, rowId, made.id()),
              BudgetText.parse(budget.get(), IsoCurrency.of(org.currency())),
              ExpectedVersion.ANY);
    }
    return made;
  }

  /** Nobody makes a key that may do more than its maker. */
  private void requireRight(
      AdminRequest request,
      Organisation org,
      Set<Scope> scopes,
      Optional<String> user,
      Optional<String> account) {
    if (scopes.contains(Scope.OPERATOR) || scopes.contains(Scope.METRICS)) {
      request.caller().requireOperator();
    }
    if (!scopes.contains(Scope.ADMIN)) {
      return;
    }
    request.require(Permission.MEMBERS);
    if (user.isPresent()) {
      Member member = services.tenancy().members().find(org, user.get());
      if (member.role() == Role.OWNER) {
        request.require(Permission.OWN);
      }
    }
    if (account.isPresent()) {
      ServiceAccount of = services.tenancy().serviceAccounts().find(org, account.get());
      if (of.role() == Role.OWNER) {
        request.require(Permission.OWN);
      }
    }
  }

  private AdminAnswer created(Organisation org, CreatedKey made) {
    ApiKey key = keys.find(org.id(), made.id());
    return AdminAnswer.made(view(key).put("key", made.key()), key.version());
  }

  private AdminAnswer change(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    @Nullable List<String> scopes = request.texts("scopes");
    KeyChange change =
        new KeyChange(
            request.optionalText("name").orElse(null),
            scopes == null ? null : scopes(scopes),
            patterns(request.texts("models")),
            networks(request.texts("ip_ranges")),
            request.has("expires") ? new KeyChange.Expiry(request.time("expires")) : null);
    request.body().refuseUnknown();
    ApiKey before = keys.find(org.id(), request.name("key"));
    if (change.scopes() != null) {
      requireRight(
          request,
          org,
          change.scopes(),
          Optional.of(before.owner().user()).filter(user -> !user.isEmpty()),
          Optional.of(before.owner().serviceAccount()).filter(of -> !of.isEmpty()));
    }
    ApiKey changed =
        keys.change(request.caller().actor(), org.id(), before.id(), change, request.expected());
    return AdminAnswer.of(view(changed), changed.version());
  }

  private AdminAnswer revoke(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    keys.revoke(request.caller().actor(), org.id(), request.name("key"), request.expected());
    return AdminAnswer.NOTHING;
  }

  private AdminAnswer rotate(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    int overlap =
        request
            .body()
            .integer("overlap_seconds", 0, MAX_OVERLAP_SECONDS)
            .orElse(DEFAULT_OVERLAP_SECONDS);
    request.body().refuseUnknown();
    ApiKey old = keys.find(org.id(), request.name("key"));
    requireRight(
        request,
        org,
        old.limits().scopes(),
        Optional.of(old.owner().user()).filter(user -> !user.isEmpty()),
        Optional.of(old.owner().serviceAccount()).filter(of -> !of.isEmpty()));
    return created(
        org,
        keys.rotate(request.caller().actor(), org.id(), old.id(), Duration.ofSeconds(overlap)));
  }

  private static Set<Scope> scopes(List<String> labels) {
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    labels.forEach(label -> scopes.add(Scope.of(label)));
    return scopes;
  }

  private static @Nullable List<ModelPattern> patterns(@Nullable List<String> texts) {
    return texts == null ? null : texts.stream().map(ModelPattern::new).toList();
  }

  private static @Nullable List<Network> networks(@Nullable List<String> texts) {
    return texts == null ? null : texts.stream().map(Network::parse).toList();
  }

  private static <T> List<T> orNone(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}
