/**
 * The safetensors format: a header of JSON with each tensor's type, shape and place, then the bytes
 * as they are. Files are mapped and checked when opened; a damaged one gives one clear sentence.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.engine.safetensors;
