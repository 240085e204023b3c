/** The way in and out: password, second factor, links, identity providers. */
@NullMarked
package io.yuntai.console.signin;

import org.jspecify.annotations.NullMarked;
