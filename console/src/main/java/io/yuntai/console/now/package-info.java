/** "Is anything asking for me?": what the server does now, and what of it needs a person. */
@NullMarked
package io.yuntai.console.now;

import org.jspecify.annotations.NullMarked;
