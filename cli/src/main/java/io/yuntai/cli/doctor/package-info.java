/**
 * {@code yuntai doctor}: looks at everything that a start needs and says of each whether it is
 * well, and if not, what to do.
 *
 * <p>Changes nothing. Every look at something outside this process has a time limit.
 */
@NullMarked
package io.yuntai.cli.doctor;

import org.jspecify.annotations.NullMarked;
