package io.yuntai.dialect.responses;

import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.json.JsonBody;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/** What a custom tool is given: the one argument of the function that stands for it. */
final class CustomInput {
  private CustomInput() {}

  /** The text in a call's arguments; arguments that broke off are given as they stand. */
  static String of(String arguments) {
    try {
      JsonNode node =
          JsonBody.parse(arguments.getBytes(StandardCharsets.UTF_8)).get(ResponseTools.INPUT);
      return node != null && node.isString() ? node.stringValue() : arguments;
    } catch (ApiException _) {
      return arguments;
    }
  }
}
