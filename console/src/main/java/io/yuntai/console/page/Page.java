package io.yuntai.console.page;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.server.http.FormFields;
import java.io.IOException;
import java.util.Optional;

/**
 * One page. A new one is a class that implements this, a template in {@code src/main/jte}, and its
 * texts in both bundles of its feature.
 */
public interface Page {
  /**
   * Where it is, with places in braces: {@code /console/tenants/{tenant}}. A place {@code tenant}
   * is also the tenant that is looked at.
   */
  String path();

  /** Who may open it; its forms too. */
  Audience audience();

  /** Its place in the navigation; empty for none. */
  default Optional<NavigationEntry> navigation() {
    return Optional.empty();
  }

  /**
   * What it shows. Changes nothing.
   *
   * @throws ApiException which is shown as a page; so are the ledger's refusals
   */
  View show(Visit visit) throws ApiException, IOException, InterruptedException;

  /**
   * Does what one of its forms asks, which has been checked to come from a page of ours. Usually
   * ends with {@link View#redirect}, so that loading again doesn't do it again. What is refused is
   * told on {@link #show}'s page.
   *
   * @throws ApiException when it is refused
   */
  default View act(Visit visit, FormFields form)
      throws ApiException, IOException, InterruptedException {
    throw new ApiException(
        ApiError.invalidRequest(405, "method_not_allowed", "This page has nothing to send."));
  }
}
