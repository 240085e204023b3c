package io.yuntai.ledger.tenancy;

/** What somebody may do within an organisation. */
public enum Permission {
  /** See projects, members, keys without their secrets, budgets and usage. */
  READ,
  /** See who did what. */
  READ_AUDIT,
  /** Make, change, rotate and revoke keys. */
  KEYS,
  /** Make, change and delete projects and service accounts. */
  PROJECTS,
  /** Set budgets. */
  BUDGETS,
  /** Add, change and remove members, owners excepted. */
  MEMBERS,
  /** Make and unmake owners, and change the organisation itself. */
  OWN
}
