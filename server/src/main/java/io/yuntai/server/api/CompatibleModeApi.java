package io.yuntai.server.api;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.dashscope.DashScopeErrors;
import io.yuntai.server.http.Api;
import io.yuntai.server.http.Resource;
import java.util.List;
import java.util.Optional;

/** OpenAI's API where Model Studio has it, with errors as Model Studio writes them there. */
final class CompatibleModeApi implements Api {
  private static final List<String> PREFIXES =
      List.of("/compatible-mode/v1/", "/compatible-api/v1/");

  private final OpenAiApi openAi;

  /**
   * @param openAi answers
   */
  CompatibleModeApi(OpenAiApi openAi) {
    this.openAi = openAi;
  }

  @Override
  public boolean owns(String path) {
    return PREFIXES.stream().anyMatch(path::startsWith);
  }

  @Override
  public Optional<Resource> at(String path) {
    for (String prefix : PREFIXES) {
      if (path.startsWith(prefix)) {
        return openAi.at("/v1/" + path.substring(prefix.length()));
      }
    }
    return Optional.empty();
  }

  @Override
  public ErrorReply error(ApiError error, String requestId) {
    return new ErrorReply(error.status(), DashScopeErrors.encodeCompatible(error, requestId));
  }
}
