/** {@code yuntai backup} and {@code yuntai restore}. */
@NullMarked
package io.yuntai.cli.backup;

import org.jspecify.annotations.NullMarked;
