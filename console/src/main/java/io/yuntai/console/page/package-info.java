/**
 * What a page is: a path, who may open it, what it shows and what its forms do; and what every
 * template has at hand. Knows no single page.
 */
@NullMarked
package io.yuntai.console.page;

import org.jspecify.annotations.NullMarked;
