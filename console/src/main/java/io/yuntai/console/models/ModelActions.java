package io.yuntai.console.models;

import io.yuntai.console.page.Visit;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import java.util.List;

/** What buttons do to models, as calls of the admin API. */
final class ModelActions {
  private ModelActions() {}

  /**
   * Does it.
   *
   * @param what {@code pull}, {@code cancel}, {@code serve}, {@code retire} or {@code remove}
   * @param pull the pull's id, for {@code cancel}
   */
  static void act(Visit visit, String what, String model, String pull) throws ApiException {
    switch (what) {
      case "pull" -> visit.call("POST", List.of("model-pulls"), Visit.fields().put("model", model));
      case "cancel" -> visit.call("DELETE", List.of("model-pulls", pull), Visit.fields());
      case "serve", "retire" -> visit.call("POST", List.of("models", model, what), Visit.fields());
      case "remove" -> visit.call("DELETE", List.of("models", model), Visit.fields());
      default ->
          throw new ApiException(
              ApiError.invalidField("invalid_value", "do", "There is nothing of that name to do."));
    }
  }
}
