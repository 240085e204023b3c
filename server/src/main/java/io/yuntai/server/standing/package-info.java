/**
 * How this server stands: what it does now, whether its books are right, and what of it needs a
 * person. {@link io.yuntai.server.standing.WorkList} is a pure function of {@link
 * io.yuntai.server.standing.Observations}; {@link io.yuntai.server.standing.Standing} observes.
 *
 * <p>It changes nothing, and speaks no language: what a kind of work is called is for pages and
 * commands to say.
 */
@NullMarked
package io.yuntai.server.standing;

import org.jspecify.annotations.NullMarked;
