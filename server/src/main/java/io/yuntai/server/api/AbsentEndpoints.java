package io.yuntai.server.api;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.server.http.Resource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Endpoints of OpenAI's that this server does not have: refused by name, with what there is
 * instead.
 */
final class AbsentEndpoints {
  private static final Map<String, String> SENTENCES = sentences();

  private AbsentEndpoints() {}

  private static Map<String, String> sentences() {
    Map<String, String> map = new LinkedHashMap<>();
    map.put(
        "moderations",
        "has no moderation model; ask a chat model for a verdict with response_format, or send moderations to a service that has one");
    map.put("images", "makes and reads no images");
    map.put("videos", "makes no videos");
    map.put("audio", "neither hears nor speaks; send text");
    map.put("realtime", "has no speech; use /v1/chat/completions with \"stream\": true");
    map.put("fine_tuning", "does not train models; train elsewhere and serve the result as GGUF");
    map.put("fine-tunes", "does not train models; train elsewhere and serve the result as GGUF");
    map.put("assistants", "has no assistants; use /v1/responses, which keeps conversations");
    map.put("threads", "has no threads; use /v1/responses, which keeps conversations");
    map.put(
        "conversations", "has no conversation objects; use previous_response_id of /v1/responses");
    map.put("vector_stores", "stores no vectors; compute them with /v1/embeddings");
    map.put("evals", "runs no evaluations");
    map.put("graders", "runs no graders");
    map.put("containers", "runs no code");
    map.put("chatkit", "has no ChatKit");
    map.put("organization", "is managed with the yuntai command, not over this API");
    return map;
  }

  /** The refusal at a path; empty where nothing of OpenAI's is known there. */
  static Optional<Resource> at(String path) {
    if (!path.startsWith("/v1/")) {
      return Optional.empty();
    }
    String name = path.substring("/v1/".length()).split("/", 2)[0];
    String sentence = SENTENCES.get(name);
    if (sentence == null) {
      return Optional.empty();
    }
    Resource.Handler refusal =
        exchange -> {
          throw new ApiException(
              ApiError.invalidRequest(
                  404,
                  "unsupported_endpoint",
                  "'/v1/%s' is not served: this server %s.".formatted(name, sentence)));
        };
    return Optional.of(Resource.get(refusal).and("POST", refusal).and("DELETE", refusal));
  }
}
