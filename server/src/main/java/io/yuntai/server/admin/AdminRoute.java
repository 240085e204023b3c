package io.yuntai.server.admin;

import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.tenancy.Permission;
import java.util.List;
import java.util.Optional;

/**
 * One thing that the admin API does.
 *
 * @param method of HTTP
 * @param path with places in braces, below {@code /admin/v1}
 * @param summary one line for the document
 * @param permission what a tenant's caller must have; empty for what only the operator may
 * @param body name of the schema of the request's body; empty for none
 * @param answer name of the schema of the answer; empty for none
 * @param status of the answer
 * @param query names of the parameters of its query
 * @param handler does it
 */
record AdminRoute(
    String method,
    String path,
    String summary,
    Optional<Permission> permission,
    Optional<String> body,
    Optional<String> answer,
    int status,
    List<String> query,
    Handler handler) {
  /** The answer is a file, whose type its request says. */
  static final String FILE = "File";

  /** Does it. */
  @FunctionalInterface
  interface Handler {
    /**
     * Answers; refusals are exceptions.
     *
     * @throws ApiException for what is wrong with the request's form
     */
    AdminAnswer answer(AdminRequest request) throws ApiException;
  }
}
