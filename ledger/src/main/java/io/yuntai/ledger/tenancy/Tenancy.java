package io.yuntai.ledger.tenancy;

import io.yuntai.ledger.database.Transactions;
import java.util.function.Supplier;

/** Everything about who shares this server, in one database. */
public final class Tenancy {
  private final Transactions database;
  private final Organisations organisations;
  private final Projects projects;
  private final Members members;
  private final ServiceAccounts serviceAccounts;
  private final Brandings brandings;
  private final AuditLog audit;

  /** In this database. */
  public Tenancy(Transactions database) {
    this.database = database;
    this.organisations = new Organisations(database);
    this.projects = new Projects(database);
    this.members = new Members(database);
    this.serviceAccounts = new ServiceAccounts(database);
    this.brandings = new Brandings(database);
    this.audit = new AuditLog(database);
  }

  /** Makes several changes in one transaction: all or none. */
  public <T> T together(Supplier<T> changes) {
    return database.run(connection -> changes.get());
  }

  /** The tenants. */
  public Organisations organisations() {
    return organisations;
  }

  /** Their projects. */
  public Projects projects() {
    return projects;
  }

  /** Their people. */
  public Members members() {
    return members;
  }

  /** Their programs. */
  public ServiceAccounts serviceAccounts() {
    return serviceAccounts;
  }

  /** How they want the console to look. */
  public Brandings brandings() {
    return brandings;
  }

  /** What was done to them. */
  public AuditLog audit() {
    return audit;
  }
}
