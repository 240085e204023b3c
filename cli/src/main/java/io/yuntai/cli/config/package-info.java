/**
 * Where settings come from: flags over {@code YUNTAI_*} environment over the configuration file
 * over defaults, and the command that shows it. Knows the options by their names, not what they do.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.cli.config;
