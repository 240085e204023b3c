/**
 * The console in a real browser, before a real server with a real model: each page in both themes,
 * both languages and two widths, and what each kind of person does with them.
 *
 * <p>{@code acceptance/browser/run} runs these tests; Maven's build only compiles them, since they
 * need a Chromium and Node, which a developer may not have. A page that is to be checked is a line
 * in {@link io.yuntai.acceptance.browser.Pages}.
 */
@NullMarked
package io.yuntai.acceptance.browser;

import org.jspecify.annotations.NullMarked;
