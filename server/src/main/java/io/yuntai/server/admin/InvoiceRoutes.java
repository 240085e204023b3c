package io.yuntai.server.admin;

import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.invoices.InvoiceException;
import io.yuntai.ledger.invoices.InvoiceFormat;
import io.yuntai.ledger.invoices.InvoiceStore;
import io.yuntai.ledger.invoices.InvoiceVerdict;
import io.yuntai.ledger.invoices.StoredInvoice;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.money.Money;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.tenancy.RefusedException.Reason;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/** Invoices and credit notes: tenants read their own, the operator issues them. */
final class InvoiceRoutes {
  private static final String INVOICES = "/tenants/{tenant}/invoices";
  private static final String INVOICE = INVOICES + "/{invoice}";

  private final AdminServices services;

  InvoiceRoutes(AdminServices services) {
    this.services = services;
  }

  void addTo(AdminRoutes routes) {
    routes.list(
        INVOICES,
        "A tenant's invoices and credit notes, the oldest first",
        Permission.READ,
        "InvoiceList",
        this::list);
    routes.operators(
        "POST",
        INVOICES,
        "Issue an invoice for what a tenant used and no invoice has had yet",
        "NewInvoice",
        "Invoice",
        201,
        List.of(),
        this::issue);
    routes.get(
        INVOICE, "An invoice with its lines", Permission.READ, "InvoiceWithLines", this::get);
    routes.add(
        "GET",
        INVOICE + "/document",
        "The invoice as a file: json (the sealed body), pdf, csv, focus-1.2 or focus-1.3",
        Optional.of(Permission.READ),
        "",
        AdminRoute.FILE,
        200,
        List.of("format"),
        this::document);
    routes.get(
        INVOICE + "/verification",
        "Make the invoice again from its requests and prices, and compare each byte",
        Permission.READ,
        "InvoiceVerdict",
        this::verify);
    routes.operators(
        "POST",
        INVOICE + "/credit-notes",
        "Give back an invoice, or a part of it",
        "NewCreditNote",
        "Invoice",
        201,
        List.of(),
        this::credit);
  }

  private InvoiceStore store(AdminRequest request) {
    return services.invoices(request.caller().actor());
  }

  private static <T> T refusing(Supplier<T> work) {
    try {
      return PriceRoutes.refusing(work);
    } catch (InvoiceException refusal) {
      throw new RefusedException(Reason.CONFLICT, "", String.valueOf(refusal.getMessage()));
    }
  }

  /** The invoice that the path names, where it is that tenant's. */
  private StoredInvoice find(AdminRequest request, Organisation org) {
    String number = request.name("invoice");
    RefusedException missing = RefusedException.notFound("invoice", number);
    if (!number.matches("[A-Z0-9-]{1,40}")) {
      throw missing;
    }
    try {
      StoredInvoice found = store(request).find(number);
      if (found.invoice().terms().orgId() != org.id()) {
        throw missing;
      }
      return found;
    } catch (InvoiceException e) {
      throw missing;
    }
  }

  private AdminAnswer list(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    return AdminAnswer.of(
        Views.page(store(request).list(org.id(), request.page()), BookViews::invoice));
  }

  private static AdminAnswer made(StoredInvoice issued) {
    return new AdminAnswer(201, BookViews.invoice(issued), OptionalLong.empty());
  }

  private AdminAnswer issue(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    @Nullable Instant until = request.time("until");
    request.body().refuseUnknown();
    return made(refusing(() -> store(request).issue(org.id(), until)));
  }

  private AdminAnswer get(AdminRequest request) {
    return AdminAnswer.of(
        BookViews.invoiceWithLines(find(request, AdminRoutes.tenant(services, request))));
  }

  private AdminAnswer document(AdminRequest request) throws ApiException {
    StoredInvoice stored = find(request, AdminRoutes.tenant(services, request));
    String wanted = request.exchange().query("format").orElse("json");
    InvoiceFormat format =
        Arrays.stream(InvoiceFormat.values())
            .filter(one -> one.text().equals(wanted))
            .findFirst()
            .orElseThrow(() ->
                RefusedException.invalid(
                    "format",
                    "The format is one of %s."
                        .formatted(
                            Arrays.stream(InvoiceFormat.values())
                                .map(InvoiceFormat::text)
                                .collect(Collectors.joining(", ")))));
    String ending =
        switch (format) {
          case JSON -> "json";
          case PDF -> "pdf";
          case CSV, FOCUS_1_2, FOCUS_1_3 -> "csv";
        };
    request
        .exchange()
        .header(
            "Content-Disposition",
            "attachment; filename=\"%s.%s\"".formatted(stored.invoice().terms().number(), ending));
    return AdminAnswer.file(
        switch (ending) {
          case "json" -> "application/json";
          case "pdf" -> "application/pdf";
          default -> "text/csv";
        },
        stored.export(format));
  }

  private AdminAnswer verify(AdminRequest request) {
    StoredInvoice stored = find(request, AdminRoutes.tenant(services, request));
    InvoiceVerdict verdict =
        refusing(() -> store(request).verify(stored.invoice().terms().number()));
    return AdminAnswer.of(
        JsonNodeFactory.instance
            .objectNode()
            .put("number", verdict.number())
            .put("holds", verdict.holds())
            .put("why", verdict.why()));
  }

  private AdminAnswer credit(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    String reason = request.text("reason");
    Optional<String> amount = request.optionalText("amount");
    request.body().refuseUnknown();
    StoredInvoice stored = find(request, org);
    return made(
        refusing(() ->
            store(request)
                .credit(
                    stored.invoice().terms().number(),
                    amount
                        .map(text -> Money.parse(IsoCurrency.of(org.currency()), text))
                        .orElse(null),
                    reason)));
  }
}
