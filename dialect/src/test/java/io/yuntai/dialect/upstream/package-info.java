/** Tests of reading upstreams' answers. */
@org.jspecify.annotations.NullMarked
package io.yuntai.dialect.upstream;
