/**
 * What the configuration file says beside routes: the table {@code [server]}, whose keys are the
 * options of {@code yuntai up}. Knows their shapes and places, not what they mean.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.server.config;
