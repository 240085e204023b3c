/**
 * The pages that people see, served by the server on the API's port: {@code /console/} and {@code
 * /sign-in}.
 *
 * <p>A {@link io.yuntai.console.Feature} is a package of pages with its templates and its texts.
 * {@link io.yuntai.console.YuntaiConsole} lists them, {@code ConsoleApi} answers requests with
 * them. Pages read by the ledger's services and change by the admin API's routes, so nothing that a
 * page does has other checks, rights or traces than the same thing over the API.
 */
@NullMarked
package io.yuntai.console;

import org.jspecify.annotations.NullMarked;
