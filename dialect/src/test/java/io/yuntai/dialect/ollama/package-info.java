/** Tests of Ollama's dialect. */
@org.jspecify.annotations.NullMarked
package io.yuntai.dialect.ollama;
