/**
 * Files of low-rank adapters (LoRA): GGUF as llama.cpp's converter writes it, and safetensors as
 * the peft library does. Everything that changes what an adapter computes is read or refused by
 * name.
 *
 * <p>Knows files only. Whether an adapter fits a model is the decoder's to say, who loads it.
 */
@NullMarked
package io.yuntai.engine.adapter;

import org.jspecify.annotations.NullMarked;
