/**
 * "What do I paste so it works?": keys, code that asks in three APIs and four languages, the same
 * request run in place, and the settings of clients that people use already.
 */
@NullMarked
package io.yuntai.console.develop;

import org.jspecify.annotations.NullMarked;
