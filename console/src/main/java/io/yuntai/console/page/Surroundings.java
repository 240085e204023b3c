package io.yuntai.console.page;

import io.yuntai.console.asset.Assets;
import io.yuntai.console.text.Messages;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.server.console.ConsoleServices;
import io.yuntai.server.http.Exchange;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * What all visits have in common.
 *
 * @param services of the server
 * @param messages all texts
 * @param assets files that pages load
 * @param brands what the console is called and how it looks for a tenant
 * @param pages all of them
 */
public record Surroundings(
    ConsoleServices services, Messages messages, Assets assets, Brands brands, List<Page> pages) {
  /** In the navigation's order first. */
  public Surroundings {
    pages =
        pages.stream()
            .sorted(
                Comparator.comparingInt(page ->
                    page.navigation().map(NavigationEntry::position).orElse(Integer.MAX_VALUE)))
            .toList();
  }

  /** Whether there is a tenant of this name. */
  boolean tenantExists(String name) {
    try {
      return !name.isEmpty() && services.admin().tenancy().organisations().find(name).id() > 0;
    } catch (RefusedException _) {
      return false;
    }
  }

  /** Gives a browser something to remember, which scripts don't see. */
  public void setCookie(Exchange exchange, String name, String value, Duration age) {
    exchange.addHeader(
        "Set-Cookie",
        "%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s"
            .formatted(
                name,
                URLEncoder.encode(value, StandardCharsets.UTF_8),
                age.toSeconds(),
                services.gate().secure() ? "; Secure" : ""));
  }
}
