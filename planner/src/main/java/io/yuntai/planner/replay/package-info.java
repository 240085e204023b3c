/**
 * Plans against what came: an old plan's buildings and orders under the demand that was metered,
 * worked as well as can be, beside the plan that would have been made by who knew.
 */
@NullMarked
package io.yuntai.planner.replay;

import org.jspecify.annotations.NullMarked;
