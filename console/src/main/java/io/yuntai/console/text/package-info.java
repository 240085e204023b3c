/** Words and numbers in a person's language: texts from bundles, formats by locale. */
@NullMarked
package io.yuntai.console.text;

import org.jspecify.annotations.NullMarked;
