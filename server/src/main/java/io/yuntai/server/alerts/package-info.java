/**
 * Tells alerts of budgets to those who want to know: by webhook and by e-mail.
 *
 * <p>Addresses come from tenants, so a webhook is a way to make this server call somebody: only
 * addresses of the internet are called unless the operator allows others, the address that was
 * checked is the one that is connected to, redirects are not followed, and of an answer only its
 * status is read.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.server.alerts;
