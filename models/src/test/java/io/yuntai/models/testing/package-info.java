/** Servers and child processes for this module's tests. */
@NullMarked
package io.yuntai.models.testing;

import org.jspecify.annotations.NullMarked;
