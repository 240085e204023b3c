/**
 * Where pages are plugged in: what a server offers to those who show it to people. The pages
 * themselves are a module above; this package knows none of them.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.server.console;
