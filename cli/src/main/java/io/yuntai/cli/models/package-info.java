/**
 * What commands share about the home and the models in it: which folder, finding a model, pulling
 * it with a progress bar.
 */
@NullMarked
package io.yuntai.cli.models;

import org.jspecify.annotations.NullMarked;
