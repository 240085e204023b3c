/**
 * The command line's face: streams, colours, one progress line, numbers with units, messages in
 * English and Chinese, exit codes.
 *
 * <p>It knows no command and no server.
 */
@NullMarked
package io.yuntai.cli.terminal;

import org.jspecify.annotations.NullMarked;
