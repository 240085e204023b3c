package io.yuntai.console.page;

import io.yuntai.dialect.ApiError;
import io.yuntai.server.http.FormFields;

/**
 * Why something was refused, told on the page that it was asked on.
 *
 * @param status of HTTP
 * @param code for programs and for the words of a language
 * @param sentence for people, in English
 * @param field the value at fault; empty where it is none
 * @param form what was sent, so that nobody types it twice
 */
public record Problem(int status, String code, String sentence, String field, FormFields form) {
  /** What an error says. */
  public static Problem of(ApiError error, FormFields form) {
    return new Problem(
        error.status(),
        error.code().orElse("error"),
        error.message(),
        error.param().orElse(""),
        form);
  }
}
