/**
 * Text to token ids and back: byte-level BPE, SentencePiece BPE and WordPiece, as the metadata of a
 * GGUF file names them.
 *
 * <p>Read {@link io.yuntai.engine.tokenizer.Tokenizer} for what it does; {@code
 * VocabularyTokenizer} cuts special tokens out and hands the stretches between them to one of three
 * {@code Scheme}s. Both kinds of BPE share {@code PairMerger}.
 *
 * <p>Ids equal those of the model's published tokenizer, or llama.cpp's where the reference vectors
 * show that it differs. Text that is only text never becomes a control token. No input is quadratic
 * or recursive. An unknown rule is an error, never a guess. Knows GGUF's metadata, but nothing of
 * models, chats or prompts.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.engine.tokenizer;
