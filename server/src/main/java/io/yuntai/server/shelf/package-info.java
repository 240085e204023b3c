/**
 * The models of this machine as a person sees them: what the catalogue offers, what lies here, what
 * is on its way, what is served, and how each would fit and run. {@link
 * io.yuntai.server.shelf.ModelShelf} joins them; {@link io.yuntai.server.shelf.Pulls} brings models
 * here in the background.
 *
 * <p>It starts and stops engines through {@link io.yuntai.server.shelf.ServedModels} only and knows
 * nothing of HTTP.
 */
@NullMarked
package io.yuntai.server.shelf;

import org.jspecify.annotations.NullMarked;
