/**
 * Pages that change while they are looked at: streams of events that set texts of a page and tell
 * it which of its parts to load again. {@code live.js} is the other end.
 */
@NullMarked
package io.yuntai.console.live;

import org.jspecify.annotations.NullMarked;
