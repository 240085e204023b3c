/** Tests of grammars and masks; vocabularies here are made of random bytes. */
@org.jspecify.annotations.NullMarked
package io.yuntai.engine.grammar;
