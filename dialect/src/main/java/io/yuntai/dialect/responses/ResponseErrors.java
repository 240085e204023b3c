package io.yuntai.dialect.responses;

import io.yuntai.dialect.ApiError;
import java.util.Optional;

/** What the chat underneath says is wrong, by this API's names. */
public final class ResponseErrors {
  private ResponseErrors() {}

  /** The error with the fields of a chat request named as they are here. */
  public static ApiError inItsWords(ApiError error) {
    Optional<String> param = error.param();
    if (param.isEmpty() || !param.get().equals("messages")) {
      return error;
    }
    return new ApiError(
        error.status(),
        error.type(),
        error.code(),
        error.message().replace("your messages", "your input").replace("the messages", "the input"),
        Optional.of("input"),
        error.retryAfterSeconds(),
        error.overflow());
  }
}
