/**
 * The engine as its callers see it: load a model, submit generations, read their events.
 *
 * <p>A library without HTTP, SQL or tenants. Every result obeys the numeric contract
 * (docs/decisions/001-numeric-contract.md): same weights, prompt and seed give the same bytes on
 * any machine, in any batch.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.engine;
