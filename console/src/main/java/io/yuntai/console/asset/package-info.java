/** Files that never change under their address: style, scripts, font, icons. */
@NullMarked
package io.yuntai.console.asset;

import org.jspecify.annotations.NullMarked;
