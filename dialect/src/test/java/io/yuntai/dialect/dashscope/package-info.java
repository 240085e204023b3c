/** Tests of DashScope's dialect. */
@org.jspecify.annotations.NullMarked
package io.yuntai.dialect.dashscope;
