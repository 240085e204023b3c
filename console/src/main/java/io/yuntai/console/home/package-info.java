/** Where {@code /console} leads. */
@NullMarked
package io.yuntai.console.home;

import org.jspecify.annotations.NullMarked;
