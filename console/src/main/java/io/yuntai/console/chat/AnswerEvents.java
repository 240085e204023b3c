package io.yuntai.console.chat;

import io.yuntai.console.markdown.MarkdownStream.Patch;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a run's log says to the page's script: server-sent events with JSON. */
final class AnswerEvents {
  private static final JsonMapper JSON = new JsonMapper();

  private AnswerEvents() {}

  /**
   * Changes of the blocks, and more of the thoughts.
   *
   * @param thoughts what came since the last event; may be empty
   */
  static byte[] patch(List<Patch> patches, String thoughts) {
    ObjectNode data = JSON.createObjectNode();
    ArrayNode changes = data.putArray("patches");
    for (Patch patch : patches) {
      switch (patch) {
        case Patch.Set(int block, String html) ->
            changes.addObject().put("block", block).put("html", html);
        case Patch.Code(int block, String code) ->
            changes.addObject().put("block", block).put("code", code);
        case Patch.Keep(int blocks) -> changes.addObject().put("keep", blocks);
      }
    }
    if (!thoughts.isEmpty()) {
      data.put("thoughts", thoughts);
    }
    return event("patch", data);
  }

  /** The answer has ended: what the page shows from now on is to be fetched. */
  static byte[] end(String state) {
    return event("end", JSON.createObjectNode().put("state", state));
  }

  /** How far the prompt has been read. */
  static byte[] progress(long done, long all) {
    return event("progress", JSON.createObjectNode().put("done", done).put("all", all));
  }

  private static byte[] event(String name, ObjectNode data) {
    return ("event: " + name + "\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
  }
}
