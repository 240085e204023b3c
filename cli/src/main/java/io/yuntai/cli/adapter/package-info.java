/**
 * {@code yuntai adapters}: low-rank adapters, loaded into a running server and remembered for the
 * next ones.
 */
@NullMarked
package io.yuntai.cli.adapter;

import org.jspecify.annotations.NullMarked;
