/**
 * What a person may write to mean a model ({@link io.yuntai.models.catalog.ModelReference}) and the
 * models known by name ({@link io.yuntai.models.catalog.Catalog}, {@code catalog.json} in the jar).
 *
 * <p>Pure values: no network, and no disk but the catalogue's own resource. It does not know what
 * has been pulled.
 */
@NullMarked
package io.yuntai.models.catalog;

import org.jspecify.annotations.NullMarked;
