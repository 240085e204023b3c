@org.jspecify.annotations.NullMarked
package io.yuntai.cli.connect;
