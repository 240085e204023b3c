/**
 * Signing in over HTTP: {@code /auth/}, and who is behind a session's cookie. The page {@code
 * /sign-in} is the console's.
 *
 * <p>A session's token is in a cookie that no script can read and that no other site's page sends
 * with a change. A change made with it carries a token of the session's own besides, so that not
 * even a page of the same site that is not ours can make one. Who may come in is decided in {@code
 * ledger.identity}; here it is only translated.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.server.auth;
