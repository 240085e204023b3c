/**
 * The admin API, {@code /admin/v1}: tenants and what is theirs, budgets, credit, usage and the
 * audit log.
 *
 * <p>{@link io.yuntai.server.admin.AdminRoutes} is the one list of what there is; requests are
 * dispatched by it and the OpenAPI document is made of it, so neither can say something else than
 * the other. What is allowed and refused is decided in {@code ledger}: here it is only translated.
 */
@NullMarked
package io.yuntai.server.admin;

import org.jspecify.annotations.NullMarked;
