/**
 * What becomes of a plan when something is otherwise than it was planned with: assumptions that
 * turn out lower or higher, and sites that are lost. Pure: no clock, no randomness, no disk.
 */
@NullMarked
package io.yuntai.planner.stress;

import org.jspecify.annotations.NullMarked;
