package io.yuntai.console.develop;

import io.yuntai.console.page.Visit;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.server.http.FormFields;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the forms of keys ask for, as calls of the admin API. */
public final class KeyForms {
  private KeyForms() {}

  /** A key whose text is told this once. */
  public record Made(String name, String key) {}

  static Made create(Visit visit, Organisation org, FormFields form, Instant now)
      throws ApiException {
    ObjectNode body = Visit.fields().put("name", form.text("name"));
    if (!form.text("project").isEmpty()) {
      body.put("project", form.text("project"));
    }
    list(body, "models", form.text("models"));
    list(body, "ip_ranges", form.text("ip_ranges"));
    if (!form.text("budget").isBlank()) {
      body.put("budget", form.text("budget").strip());
    }
    if (form.text("expires").matches("[0-9]{1,4}")) {
      body.put(
          "expires", now.plus(Duration.ofDays(Long.parseLong(form.text("expires")))).toString());
    }
    return made(visit.call("POST", List.of("tenants", org.name(), "keys"), body));
  }

  static Made rotate(Visit visit, Organisation org, FormFields form) throws ApiException {
    long hours =
        form.text("overlap").matches("[0-9]{1,4}") ? Long.parseLong(form.text("overlap")) : 24;
    return made(
        visit.call(
            "POST",
            List.of("tenants", org.name(), "keys", form.text("key"), "rotate"),
            Visit.fields().put("overlap_seconds", hours * 3600)));
  }

  static void revoke(Visit visit, Organisation org, FormFields form) throws ApiException {
    visit.call("DELETE", List.of("tenants", org.name(), "keys", form.text("key")), Visit.fields());
  }

  private static Made made(JsonNode key) {
    return new Made(key.path("name").asString(), key.path("key").asString());
  }

  private static void list(ObjectNode body, String name, String text) {
    if (text.isBlank()) {
      return;
    }
    ArrayNode items = body.putArray(name);
    for (String item : text.strip().split("[,\\s]+", 100)) {
      items.add(item);
    }
  }
}
