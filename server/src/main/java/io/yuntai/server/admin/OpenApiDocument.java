package io.yuntai.server.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The admin API's document, OpenAPI 3.1, made of its routes and of the schemas in a file. */
final class OpenApiDocument {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String SCHEMAS = "schemas.json";
  private static final List<String> FILE_TYPES =
      List.of(
          "application/json",
          "application/pdf",
          "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
          "image/svg+xml",
          "text/csv",
          "text/event-stream",
          "text/plain");
  private static final Pattern PLACE = Pattern.compile("\\{([a-z]+)}");
  private static final Map<Integer, String> WORDS =
      Map.of(200, "Done", 201, "Made", 204, "Done; there is nothing to say");

  private OpenApiDocument() {}

  static ObjectNode of(List<AdminRoute> routes) {
    ObjectNode document = JSON.createObjectNode().put("openapi", "3.1.0");
    document
        .putObject("info")
        .put("title", "Yuntai admin API")
        .put("version", "1")
        .put(
            "description",
            "Tenants and what is theirs: projects, people, keys, budgets, alerts, credit, usage,"
                + " invoices, audit; the price books they pay by; and capital plans.");
    document.putArray("servers").addObject().put("url", "/admin/v1");
    ArrayNode security = document.putArray("security");
    security.addObject().putArray("key");
    security.addObject().putArray("session");
    ObjectNode paths = document.putObject("paths");
    for (AdminRoute route : routes) {
      ObjectNode path =
          paths.has(route.path())
              ? (ObjectNode) paths.get(route.path())
              : path(paths.putObject(route.path()), route.path());
      operation(path.putObject(route.method().toLowerCase(java.util.Locale.ROOT)), route);
    }
    ObjectNode components = document.putObject("components");
    ObjectNode schemes = components.putObject("securitySchemes");
    schemes
        .putObject("session")
        .put("type", "apiKey")
        .put("in", "cookie")
        .put("name", "yuntai_session")
        .put(
            "description",
            "Who is signed in (POST /auth/sign-in); changes carry X-CSRF-Token besides.");
    schemes
        .putObject("key")
        .put("type", "http")
        .put("scheme", "bearer")
        .put(
            "description",
            "A key with the scope admin, for its own tenant, or operator, for all tenants.");
    components.set("schemas", schemas());
    return document;
  }

  private static ObjectNode path(ObjectNode node, String path) {
    Matcher places = PLACE.matcher(path);
    if (places.find()) {
      ArrayNode parameters = node.putArray("parameters");
      do {
        ObjectNode place = parameters.addObject().put("name", places.group(1)).put("in", "path");
        place.put("required", true).putObject("schema").put("type", "string");
      } while (places.find());
    }
    return node;
  }

  private static void operation(ObjectNode operation, AdminRoute route) {
    operation.put("summary", route.summary());
    operation.put(
        "description",
        route
            .permission()
            .map(p -> "Permission: %s.".formatted(p.name().toLowerCase(java.util.Locale.ROOT)))
            .orElse("For the operator only."));
    ArrayNode parameters = operation.putArray("parameters");
    route.query().forEach(name -> parameter(parameters, name, "query"));
    switch (route.method()) {
      case "POST" -> parameter(parameters, "Idempotency-Key", "header");
      case "PATCH", "DELETE" -> parameter(parameters, "If-Match", "header");
      default -> {}
    }
    route
        .body()
        .ifPresent(name ->
            content(
                operation.putObject("requestBody").put("required", true),
                "application/json",
                name));
    ObjectNode responses = operation.putObject("responses");
    ObjectNode done =
        responses
            .putObject(Integer.toString(route.status()))
            .put("description", WORDS.getOrDefault(route.status(), "Done"));
    route.answer().ifPresent(name -> answer(done, name));
    content(
        responses.putObject("default").put("description", "Refused"),
        "application/problem+json",
        "Problem");
  }

  private static void parameter(ArrayNode parameters, String name, String in) {
    ObjectNode parameter = parameters.addObject().put("name", name).put("in", in);
    parameter
        .put("required", false)
        .putObject("schema")
        .put("type", name.equals("limit") ? "integer" : "string");
  }

  private static void answer(ObjectNode node, String name) {
    if (!name.equals(AdminRoute.FILE)) {
      content(node, "application/json", name);
      return;
    }
    ObjectNode types = node.putObject("content");
    for (String type : FILE_TYPES) {
      types.putObject(type).putObject("schema").put("$ref", "#/components/schemas/" + name);
    }
  }

  private static void content(ObjectNode node, String type, String schema) {
    node.putObject("content")
        .putObject(type)
        .putObject("schema")
        .put("$ref", "#/components/schemas/" + schema);
  }

  private static ObjectNode schemas() {
    try (InputStream file = OpenApiDocument.class.getResourceAsStream(SCHEMAS)) {
      if (file == null) {
        throw new IllegalStateException(SCHEMAS + " is missing from the jar");
      }
      return (ObjectNode) JSON.readTree(file.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
