package io.yuntai.console.money;

import io.yuntai.console.live.LiveStreams;
import io.yuntai.console.page.Audience;
import io.yuntai.console.page.NavigationEntry;
import io.yuntai.console.page.Page;
import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;
import io.yuntai.console.table.Cell;
import io.yuntai.console.table.Listing;
import io.yuntai.console.table.Table;
import io.yuntai.console.table.Table.Column;
import io.yuntai.console.text.Formats;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.accounts.Accounts;
import io.yuntai.ledger.accounts.Statement;
import io.yuntai.ledger.accounts.StatementLine;
import io.yuntai.ledger.invoices.Invoice;
import io.yuntai.ledger.invoices.StoredInvoice;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.PageRequest;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.ledger.tenancy.Project;
import io.yuntai.ledger.usage.SpendLeaf;
import io.yuntai.server.console.ConsoleServices;
import io.yuntai.server.http.FormFields;
import io.yuntai.server.standing.LedgerProof;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.YearMonth;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /console/money}. */
public final class MoneyPage implements Page {
  static final String PATH = "/console/money";
  private static final int MOST = 200;
  private static final int INVOICES = 24;

  private final ConsoleServices services;

  MoneyPage(ConsoleServices services) {
    this.services = services;
  }

  /**
   * What its template shows.
   *
   * @param month that the tree is of
   * @param months to choose from
   * @param requests how many there were in the month
   * @param credits where credit is what it pays with
   * @param figures those of the head
   * @param balances whether the ledger does
   * @param targets projects and keys that a budget may be of, by the value that a form sends
   */
  public record Model(
      String state,
      Organisation org,
      YearMonth month,
      List<YearMonth> months,
      boolean current,
      long requests,
      Table tree,
      Figures figures,
      Balances balances,
      Table budgets,
      Map<String, String> targets,
      Table invoices,
      Table statement,
      Optional<Table> credits,
      boolean mayBudget,
      boolean operator) {}

  /**
   * Amounts of the head, exact.
   *
   * @param month what was spent in it
   * @param open what no invoice has had yet, or what is left of credit
   * @param owed what is to be paid
   */
  public record Figures(String month, String open, String owed) {}

  /**
   * Whether the ledger balances.
   *
   * @param tone of the answer
   * @param answer yes, no, or not known yet
   * @param age of the last verification
   */
  public record Balances(String tone, String answer, String age) {}

  @Override
  public String path() {
    return PATH;
  }

  @Override
  public Audience audience() {
    return Audience.of(Permission.READ);
  }

  @Override
  public Optional<NavigationEntry> navigation() {
    return Optional.of(new NavigationEntry("money.title", 40, "money"));
  }

  @Override
  public View show(Visit visit) {
    Organisation org = visit.tenant();
    Instant now = services.clock().instant();
    Months month = Months.of(visit.query().text("month"), now, org.timeZone());
    String state = LiveStreams.state(live(visit));
    List<SpendLeaf> leaves = services.admin().spending().leaves(org, month.from(), month.to());
    Listing<StoredInvoice> invoices = invoices(visit, org);
    Listing<StatementLine> statement = statement(visit, org, month, now);
    if (Table.isExport(visit)) {
      return switch (visit.query().text(Table.TABLE)) {
        case "invoices" -> invoices.csv("invoices-" + org.name());
        case "account" -> statement.csv("account-" + month.month());
        case BudgetTable.ID ->
            BudgetTable.of(visit, services, org, now).csv("budgets-" + org.name());
        case MoneyTables.CREDIT ->
            MoneyTables.credits(visit, services, org).csv("credit-" + org.name());
        default -> MoneyTables.spending(visit, org, leaves).csv("spending-" + month.month());
      };
    }
    SpendTree tree = SpendTree.of(org.name(), leaves);
    return View.html(
        "money/money.jte",
        new Model(
            state,
            org,
            month.month(),
            Months.offered(now, org.timeZone()),
            month.contains(now),
            tree.requests(),
            MoneyTables.tree(visit, org, month, now, tree)
                .table(visit, PageRequest.MAX_LIMIT, visit.text("money.tree.none")),
            figures(visit, org, tree.amount()),
            balances(visit),
            BudgetTable.of(visit, services, org, now)
                .table(visit, visit.text("money.budgets.none")),
            targets(org),
            invoices.table(visit, INVOICES, visit.text("money.invoices.none")),
            statement.table(visit, visit.text("money.account.none")),
            org.billing() == Organisation.Billing.PREPAID
                ? Optional.of(
                    MoneyTables.credits(visit, services, org)
                        .table(visit, visit.text("money.credit.none")))
                : Optional.empty(),
            visit.may(Permission.BUDGETS),
            visit.operates()));
  }

  private Figures figures(Visit visit, Organisation org, BigDecimal month) {
    Formats formats = visit.ui().formats();
    Instant now = services.clock().instant();
    Statement.Balance balance =
        accounts(visit).statement(org.id(), now, now.plusSeconds(1)).closing();
    BigInteger open =
        org.billing() == Organisation.Billing.PREPAID
            ? balance.creditNano()
            : balance.notInvoicedNano();
    return new Figures(
        formats.money(month, org.currency(), 12),
        formats.money(new BigDecimal(open, 9), org.currency(), 9),
        formats.money(new BigDecimal(balance.owedNano(), 9), org.currency(), 9));
  }

  private Accounts accounts(Visit visit) {
    return new Accounts(services.admin().database(), visit.caller().actor());
  }

  private Balances balances(Visit visit) {
    Optional<LedgerProof.Proof> proof = services.standing().proof().last();
    if (proof.isEmpty() || !proof.get().problem().isEmpty()) {
      return new Balances(
          "warn",
          visit.text("money.balances.unknown"),
          proof.map(last -> visit.ui().age(last.at())).orElse(""));
    }
    return new Balances(
        proof.get().holds() ? "ok" : "bad",
        visit.text(proof.get().holds() ? "money.balances.yes" : "money.balances.no"),
        visit.ui().age(proof.get().at()));
  }

  private Map<String, String> targets(Organisation org) {
    Map<String, String> targets = new LinkedHashMap<>();
    for (Project project :
        services.admin().tenancy().projects().list(org, PageRequest.first(MOST)).items()) {
      targets.put("project:" + project.name(), project.name());
    }
    services.admin().keys().list(org.id(), PageRequest.first(MOST)).items().stream()
        .filter(key -> key.revoked() == null)
        .forEach(key -> targets.put("key:" + key.id(), key.name() + " · " + key.prefix()));
    return targets;
  }

  private Listing<StoredInvoice> invoices(Visit visit, Organisation org) {
    Formats formats = visit.ui().formats();
    List<StoredInvoice> stored =
        services.admin().invoices(visit.caller().actor()).list(org.id()).reversed();
    List<Column<StoredInvoice>> columns =
        List.of(
            Column.of(
                "number",
                visit.text("money.invoice.number"),
                one ->
                    new Cell.Link(
                        one.invoice().terms().number(),
                        PATH + "/invoices/" + org.name() + "/" + one.invoice().terms().number())),
            Column.of(
                "period",
                visit.text("money.invoice.period"),
                one ->
                    new Cell.Worded(
                        new InvoiceWords(formats, one.invoice()).period(),
                        one.invoice().terms().period())),
            Column.of(
                "issued",
                visit.text("money.invoice.issued"),
                one -> new Cell.Time(one.invoice().terms().issuedAt())),
            Column.figures(
                "requests",
                visit.text("money.requests"),
                one ->
                    new Cell.Figure(
                        formats.count(one.invoice().requests()),
                        Long.toString(one.invoice().requests()))),
            Column.figures(
                "total",
                visit.text("money.invoice.total"),
                one -> amount(formats, one.invoice(), one.invoice().totalMinor())),
            Column.figures(
                "due",
                visit.text("money.invoice.due"),
                one -> amount(formats, one.invoice(), one.invoice().dueMinor())));
    return Listing.of(visit, "invoices", columns, stored);
  }

  private static Cell amount(Formats formats, Invoice invoice, BigInteger minor) {
    return new Cell.Figure(new InvoiceWords(formats, invoice).amount(minor), invoice.amount(minor));
  }

  private Listing<StatementLine> statement(
      Visit visit, Organisation org, Months month, Instant now) {
    Statement statement =
        accounts(visit)
            .statement(
                org.id(), month.from(), month.to().isAfter(now) ? now.plusSeconds(1) : month.to());
    return StatementTable.of(visit, org, statement);
  }

  LiveStreams.Now live(Visit visit) {
    Organisation org = visit.tenant();
    Months month = Months.of("", services.clock().instant(), org.timeZone());
    BigDecimal amount = services.admin().spending().since(org, month.from());
    Balances balances = balances(visit);
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("money-month-value", visit.ui().formats().money(amount, org.currency(), 12));
    texts.put("money-balances", balances.answer());
    Optional<LedgerProof.Proof> proof = services.standing().proof().last();
    proof.ifPresent(last ->
        texts.put(
            "money-balances-age",
            StatementTable.age(visit, last.at(), services.clock().instant())));
    return new LiveStreams.Now(
        texts,
        Map.of(
            "money-figures", amount.toPlainString(),
            "money-tree", amount.toPlainString(),
            "money-budgets", amount.toPlainString()));
  }

  @Override
  public View act(Visit visit, FormFields form) throws ApiException {
    Organisation org = visit.tenant();
    String back = PATH + "?tenant=" + org.name();
    return switch (form.text("do")) {
      case "budget" -> {
        MoneyForms.setBudget(visit, org, form);
        yield View.redirect(back + "#budgets", visit.text("money.budget.set"));
      }
      case "budget-change" -> {
        MoneyForms.changeBudget(visit, org, form);
        yield View.redirect(back + "#budgets", visit.text("money.budget.set"));
      }
      case "budget-end" -> {
        MoneyForms.endBudget(visit, org, form);
        yield View.redirect(back + "#budgets", visit.text("money.budget.ended"));
      }
      case "credit" -> {
        MoneyForms.giveCredit(visit, org, form);
        yield View.redirect(back + "#credit", visit.text("money.credit.given"));
      }
      case "payment" -> {
        MoneyForms.pay(visit, org, form);
        yield View.redirect(back + "#account", visit.text("money.payment.kept"));
      }
      case "invoice" -> {
        String number = MoneyForms.issue(visit, org);
        yield View.redirect(
            PATH + "/invoices/" + org.name() + "/" + number, visit.text("money.invoice.made"));
      }
      default -> View.redirect(back);
    };
  }
}
