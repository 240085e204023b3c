package io.yuntai.models.store;

import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A model's file on this machine.
 *
 * @param name the catalogue's name, or the reference's text where it has none
 * @param file the GGUF file, absolute; the first one of a model in several files
 * @param sizeBytes size of all its files
 * @param sha256 of the whole file, of several files one after the other, in lower-case hexadecimal;
 *     absent for a user's own file, which nobody has read yet
 * @param pinned whether the SHA-256 was compared with the catalogue's; false: only with what the
 *     source itself promised
 * @param pulledAt when it entered the store; absent for a user's own file
 * @param source where it came from, as a reference's text
 * @param owned whether the store holds it and may remove it; false for a user's own file
 */
public record StoredModel(
    String name,
    Path file,
    long sizeBytes,
    @Nullable String sha256,
    boolean pinned,
    @Nullable Instant pulledAt,
    String source,
    boolean owned) {}
