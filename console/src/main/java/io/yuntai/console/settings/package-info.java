/** What somebody sets for themselves: profile, password, second factor, sessions, look. */
@NullMarked
package io.yuntai.console.settings;

import org.jspecify.annotations.NullMarked;
