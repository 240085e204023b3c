/** Tables: described once, shown as HTML and exported as CSV. */
@NullMarked
package io.yuntai.console.table;

import org.jspecify.annotations.NullMarked;
