@org.jspecify.annotations.NullMarked
package io.yuntai.server.batches;
