package io.yuntai.console.page;

import io.yuntai.ledger.tenancy.Permission;

/** Who may open a page or use an endpoint. */
public sealed interface Audience {
  /** Everybody, signed in or not. */
  record Anyone() implements Audience {}

  /** Who is signed in. */
  record Person() implements Audience {}

  /**
   * Who asks models in the name of the tenant that is looked at: its members, but for auditors.
   * Whoever runs the server is none unless added: it is the tenant that pays.
   */
  record Member() implements Audience {}

  /** Who has a permission in the tenant that is looked at; the operator always. */
  record Permitted(Permission permission) implements Audience {}

  /** Whoever runs this server. */
  record Operator() implements Audience {}

  /** Everybody. */
  Audience ANYONE = new Anyone();

  /** Who is signed in. */
  Audience PERSON = new Person();

  /** Who asks models in the name of the tenant that is looked at. */
  Audience MEMBER = new Member();

  /** Whoever runs this server. */
  Audience OPERATOR = new Operator();

  /** Who has a permission in the tenant that is looked at. */
  static Audience of(Permission permission) {
    return new Permitted(permission);
  }
}
