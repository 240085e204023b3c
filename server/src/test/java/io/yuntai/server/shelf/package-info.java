@NullMarked
package io.yuntai.server.shelf;

import org.jspecify.annotations.NullMarked;
