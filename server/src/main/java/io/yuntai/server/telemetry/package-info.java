/**
 * What happened to a request, moment by moment, and who is told of it when it has ended: the log of
 * requests, the metrics, the exporter of traces.
 *
 * <p>A {@link io.yuntai.server.telemetry.RequestTimeline} goes along with each request as a scoped
 * value; whoever does a part of the work says when it began and ended. Nothing here may slow a
 * request, fail it, or keep a word of a prompt or an answer. This package knows neither HTTP nor
 * the gateway: they tell it.
 */
@NullMarked
package io.yuntai.server.telemetry;

import org.jspecify.annotations.NullMarked;
