/**
 * Chat templates: a Jinja interpreter that renders as Hugging Face transformers does, sandboxed and
 * bounded.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.engine.template;
