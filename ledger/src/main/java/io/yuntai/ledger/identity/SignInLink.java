package io.yuntai.ledger.identity;

import java.time.Instant;

/**
 * What lets somebody in once without a password.
 *
 * @param token what its owner carries; told this once
 * @param email whom it lets in; empty for the first owner of a new server, who says so then
 * @param expires when it is good no more
 */
public record SignInLink(String token, String email, Instant expires) {}
