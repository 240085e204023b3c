/** Adapters by command. */
@org.jspecify.annotations.NullMarked
package io.yuntai.cli.adapter;
