package io.yuntai.ledger.threads;

/**
 * Whose threads.
 *
 * @param orgId row of the organisation
 * @param userId row of the person, who is or was a member of it
 */
public record ThreadOwner(long orgId, long userId) {}
