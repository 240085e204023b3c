/** OpenAI's dialect, read and written. */
@org.jspecify.annotations.NullMarked
package io.yuntai.dialect.openai;
