package io.yuntai.server.http;

import io.yuntai.dialect.ApiException;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/** What a path answers, by method. {@code HEAD} goes where {@code GET} goes. */
public final class Resource {
  private final Map<String, Action> actions;

  private Resource(Map<String, Action> actions) {
    this.actions = Collections.unmodifiableMap(actions);
  }

  /** Answers one request, on a thread that may block. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Writes the answer.
     *
     * @throws ApiException what the caller is to be told, when nothing has been written yet
     * @throws IOException when the client has gone
     */
    void answer(Exchange exchange) throws ApiException, IOException, InterruptedException;
  }

  /**
   * @param counted whether it takes one of the server's places, which a stopping server waits for
   */
  record Action(Handler handler, boolean counted) {}

  /** Nothing yet. */
  public static Resource empty() {
    return new Resource(Map.of());
  }

  /** Answers {@code GET} at once. */
  public static Resource get(Handler handler) {
    return empty().with("GET", new Action(handler, false));
  }

  /** Answers {@code POST}, which takes a place. */
  public static Resource post(Handler handler) {
    return empty().andCounted("POST", handler);
  }

  /** And this method, at once. */
  public Resource and(String method, Handler handler) {
    return with(method, new Action(handler, false));
  }

  /** And this method, which takes a place. */
  public Resource andCounted(String method, Handler handler) {
    return with(method, new Action(handler, true));
  }

  private Resource with(String method, Action action) {
    Map<String, Action> more = new LinkedHashMap<>(actions);
    more.put(method, action);
    return new Resource(more);
  }

  /** What a method asks for. */
  Optional<Action> action(String method) {
    return Optional.ofNullable(actions.get(method.equals("HEAD") ? "GET" : method));
  }

  /** For {@code Allow}. */
  String allow() {
    StringJoiner methods = new StringJoiner(", ");
    for (String method : actions.keySet()) {
      methods.add(method);
      if (method.equals("GET")) {
        methods.add("HEAD");
      }
    }
    return methods.add("OPTIONS").toString();
  }
}
