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

  private final List<Api> openAi;

  /**
   * @param openAi answer, in the order in which they are asked
   */
  CompatibleModeApi(List<Api> openAi) {
    this.openAi = List.copyOf(openAi);
  }

  @Override
  public boolean owns(String path) {
    return PREFIXES.stream().anyMatch(path::startsWith);
  }

  @Override
  public Optional<Resource> at(String path) {
    for (String prefix : PREFIXES) {
      if (path.startsWith(prefix)) {
        String same = "/v1/" + path.substring(prefix.length());
        return openAi.stream()
            .filter(api -> api.owns(same))
            .findFirst()
            .flatMap(api -> api.at(same));
      }
    }
    return Optional.empty();
  }

  @Override
  public ErrorReply error(ApiError error, String requestId) {
    return new ErrorReply(error.status(), DashScopeErrors.encodeCompatible(error, requestId));
  }
}
