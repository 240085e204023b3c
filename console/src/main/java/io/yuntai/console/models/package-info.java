/**
 * "What can I run here, and how well?": the catalogue, what lies on this machine, pulls under way,
 * and what is served.
 */
@NullMarked
package io.yuntai.console.models;

import org.jspecify.annotations.NullMarked;
