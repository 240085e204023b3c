@org.jspecify.annotations.NullMarked
package io.yuntai.engine.prefix;
