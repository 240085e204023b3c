package io.yuntai.bench;

import java.util.List;
import java.util.Map;

/**
 * The comparison on one model.
 *
 * @param model its name in the catalogue, or its file's
 * @param fileName of the GGUF file
 * @param sizeBytes of the file
 * @param ourFacts what Yuntai's worker told of itself, by name
 * @param theirFacts what llama.cpp's worker told of itself, by name
 * @param phases in the order measured
 */
public record ModelResult(
    String model,
    String fileName,
    long sizeBytes,
    Map<String, String> ourFacts,
    Map<String, String> theirFacts,
    List<PhaseResult> phases) {}
