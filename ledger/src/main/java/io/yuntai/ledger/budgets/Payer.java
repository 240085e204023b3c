package io.yuntai.ledger.budgets;

/** Whose budgets a request draws from. */
public sealed interface Payer {
  /**
   * A key's.
   *
   * @param publicId the key's {@code ApiKey.id()}; one that is unknown (an operator's command, a
   *     server without keys) belongs to the organisation "default"
   */
  record Key(String publicId) implements Payer {}

  /**
   * A person's who is signed in and uses no key.
   *
   * @param orgId row of the organisation that pays
   * @param projectId row of its project
   * @param userId row of the person, who is a member of it
   */
  record Person(long orgId, long projectId, long userId) implements Payer {}
}
