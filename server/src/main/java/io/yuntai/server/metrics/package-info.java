/**
 * What the server tells Prometheus: facts taken from the engines at the moment they are asked for.
 *
 * <p>Nothing here counts anything by itself, keeps state or names a tenant; labels are the names of
 * models and of kernels, so that the number of series is bounded by the number of models.
 */
@NullMarked
package io.yuntai.server.metrics;

import org.jspecify.annotations.NullMarked;
