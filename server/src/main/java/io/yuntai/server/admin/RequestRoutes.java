package io.yuntai.server.admin;

import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.requests.RequestFilter;
import io.yuntai.ledger.requests.RequestRow;
import io.yuntai.ledger.requests.RequestSort;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.ledger.tenancy.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What became of each request. */
final class RequestRoutes {
  private static final List<String> FILTERS =
      List.of(
          "from",
          "to",
          "project",
          "key",
          "person",
          "model",
          "dialect",
          "status",
          "failed",
          "error",
          "stream",
          "slower_than_ms",
          "sort");

  private final AdminServices services;

  RequestRoutes(AdminServices services) {
    this.services = services;
  }

  void addTo(AdminRoutes routes) {
    List<String> query = new ArrayList<>(AdminRoutes.PAGED);
    query.addAll(FILTERS);
    routes.add(
        "GET",
        "/tenants/{tenant}/requests",
        "What became of a tenant's requests, the newest first unless sort says otherwise",
        Optional.of(Permission.READ),
        "",
        "RequestList",
        200,
        query,
        this::list);
    routes.get(
        "/tenants/{tenant}/requests/{request}",
        "What became of a tenant's request; its name is what x-request-id said",
        Permission.READ,
        "Request",
        this::one);
    routes.operators(
        "GET",
        "/requests",
        "What became of all requests, of nobody known too; sorted as a tenant's are",
        "",
        "RequestList",
        200,
        query,
        this::listOfAll);
    routes.operators(
        "GET",
        "/requests/{request}",
        "What became of any request",
        "",
        "Request",
        200,
        List.of(),
        this::any);
  }

  private AdminAnswer list(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    return AdminAnswer.of(
        Views.page(
            services.requests().of(org, filter(request), sort(request), request.page()),
            RequestViews::request));
  }

  private AdminAnswer listOfAll(AdminRequest request) throws ApiException {
    return AdminAnswer.of(
        Views.page(
            services.requests().all(filter(request), sort(request), request.page()),
            RequestViews::request));
  }

  private AdminAnswer one(AdminRequest request) {
    Organisation org = AdminRoutes.tenant(services, request);
    return told(request, services.requests().find(org, request.name("request")));
  }

  private AdminAnswer any(AdminRequest request) {
    return told(request, services.requests().find(request.name("request")));
  }

  private static AdminAnswer told(AdminRequest request, Optional<RequestRow> row) {
    return AdminAnswer.of(
        RequestViews.request(
            row.orElseThrow(() -> RefusedException.notFound("request", request.name("request")))));
  }

  private static RequestFilter filter(AdminRequest request) throws ApiException {
    Optional<Long> slower = number(request, "slower_than_ms", 1_000_000_000);
    return new RequestFilter(
        request.queryTime("from"),
        request.queryTime("to"),
        request.exchange().query("project"),
        request.exchange().query("key"),
        request.exchange().query("person"),
        request.exchange().query("model"),
        request.exchange().query("dialect"),
        number(request, "status", 599)
            .map(status -> OptionalInt.of(status.intValue()))
            .orElse(OptionalInt.empty()),
        flag(request, "failed"),
        request.exchange().query("error"),
        flag(request, "stream"),
        slower.map(millis -> OptionalLong.of(millis * 1000)).orElse(OptionalLong.empty()));
  }

  private static RequestSort sort(AdminRequest request) throws ApiException {
    Optional<String> text = request.exchange().query("sort");
    return text.isEmpty()
        ? RequestSort.NEWEST
        : RequestSort.of(text.get())
            .orElseThrow(() ->
                RefusedException.invalid(
                    "sort",
                    "Requests are sorted by %s, with - before it for the largest first."
                        .formatted(String.join(", ", RequestSort.names()))));
  }

  private static Optional<Boolean> flag(AdminRequest request, String name) throws ApiException {
    Optional<String> text = request.exchange().query(name);
    if (text.isPresent() && !text.get().equals("true") && !text.get().equals("false")) {
      throw RefusedException.invalid(name, "'%s' is true or false.".formatted(name));
    }
    return text.map(Boolean::valueOf);
  }

  private static Optional<Long> number(AdminRequest request, String name, long most)
      throws ApiException {
    Optional<String> text = request.exchange().query(name);
    if (text.isPresent()
        && (!text.get().matches("[0-9]{1,10}") || Long.parseLong(text.get()) > most)) {
      throw RefusedException.invalid(name, "'%s' is a number from 0 to %d.".formatted(name, most));
    }
    return text.map(Long::valueOf);
  }
}
