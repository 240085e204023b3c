/** Tests of the load and of the upstream that pretends. */
@org.jspecify.annotations.NullMarked
package io.yuntai.bench.gateway;
