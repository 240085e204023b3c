/**
 * Measures Yuntai's engine beside llama.cpp: same file, same machine, same number of threads, in
 * one alternating run.
 *
 * <p>Each side is a {@link io.yuntai.bench.Worker}: a process that keeps the model loaded and warm
 * and does one repetition at a time when told to over its stdin. At any moment at most one of them
 * works, and the others sleep: no spinning threads, which would take the cores from the side that
 * is measured. Times are taken inside the workers.
 *
 * <p>Nothing here knows how an engine computes; a new peer is a new command line that speaks the
 * workers' protocol, a new kind of measurement a new {@link io.yuntai.bench.Phase}.
 */
@NullMarked
package io.yuntai.bench;

import org.jspecify.annotations.NullMarked;
