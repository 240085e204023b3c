/** What tests of all dialects use: texts and damage at random. */
@org.jspecify.annotations.NullMarked
package io.yuntai.dialect.testing;
