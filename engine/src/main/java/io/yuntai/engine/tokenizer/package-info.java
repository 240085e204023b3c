/**
 * Text to token ids and back: byte-level BPE, SentencePiece BPE and WordPiece, as the metadata of a
 * GGUF file names them.
 *
 * <p>Ids equal those of the model's published tokenizer. Linear in the length of the text. An
 * unknown rule is an error, never a guess.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.engine.tokenizer;
