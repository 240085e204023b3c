/**
 * What the configuration file says beside routes: the table {@code [server]}, whose keys are the
 * options of {@code yuntai up}, and the tables of sign-in. {@link
 * io.yuntai.server.config.TomlSection} reads all of them, so that each fault is told with its line
 * and column. Does nothing with what it reads.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.server.config;
