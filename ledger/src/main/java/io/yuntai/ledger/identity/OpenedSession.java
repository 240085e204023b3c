package io.yuntai.ledger.identity;

/**
 * A session that has just begun.
 *
 * @param session what it opens
 * @param token what its owner carries; told this once
 */
public record OpenedSession(Session session, String token) {}
