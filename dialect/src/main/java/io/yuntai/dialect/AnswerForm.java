package io.yuntai.dialect;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an answer's text must look like. */
public sealed interface AnswerForm {
  /** Any text. */
  AnswerForm FREE = new Free();

  /** Where the request asks for it, for errors. */
  String field();

  /** Any text. */
  record Free() implements AnswerForm {
    @Override
    public String field() {
      return "";
    }
  }

  /** Any JSON object. */
  record JsonObject(String field) implements AnswerForm {}

  /**
   * JSON that satisfies a schema.
   *
   * @param schema parsed JSON, in its order: a Map or a Boolean
   */
  record JsonSchema(String field, Object schema) implements AnswerForm {
    /** Copies the outermost level of what could change. */
    public JsonSchema {
      if (schema instanceof Map<?, ?> map) {
        schema = Collections.unmodifiableMap(new LinkedHashMap<>(map));
      }
    }
  }

  /** A text that matches a regular expression as a whole. */
  record Regex(String field, String pattern) implements AnswerForm {}

  /** One of some texts. */
  record Choice(String field, List<String> texts) implements AnswerForm {
    /** Copies the list. */
    public Choice {
      texts = List.copyOf(texts);
    }
  }

  /** A text of a grammar in GBNF. */
  record Gbnf(String field, String source) implements AnswerForm {}
}
