@org.jspecify.annotations.NullMarked
package io.yuntai.planner.futures;
