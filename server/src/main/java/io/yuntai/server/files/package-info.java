/**
 * Files that clients keep here: what they upload for batches, and what batches write.
 *
 * <p>Each is a folder {@code ID} of {@code files} in the home, with {@code file.json} and {@code
 * content}; it comes into being by one renaming, so a killed process leaves nothing half made. An
 * owner sees its own files only.
 */
@NullMarked
package io.yuntai.server.files;

import org.jspecify.annotations.NullMarked;
