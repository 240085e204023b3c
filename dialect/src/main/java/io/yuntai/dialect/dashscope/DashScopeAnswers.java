package io.yuntai.dialect.dashscope;

import io.yuntai.dialect.Answer;
import io.yuntai.dialect.EmbeddingAnswer;
import io.yuntai.dialect.RerankAnswer;
import io.yuntai.dialect.json.JsonBytes;
import io.yuntai.dialect.openai.AnswerJson;

/** Whole answers to JSON: an {@code output} and a {@code usage}. */
public final class DashScopeAnswers {
  private DashScopeAnswers() {}

  /** An answer in text. */
  public static byte[] encode(Answer answer, DashScopeFormat format, String requestId) {
    JsonBytes out = begin(requestId);
    if (format.messages()) {
      choices(out, answer, format);
    } else {
      Answer.Choice choice = answer.choices().getFirst();
      out.raw("{\"text\":").text(choice.text());
      if (!choice.reasoning().isEmpty()) {
        out.raw(",\"reasoning_content\":").text(choice.reasoning());
      }
      out.raw(",\"finish_reason\":").text(AnswerJson.nameOf(choice.finishReason())).raw("}");
    }
    out.raw(",\"usage\":");
    DashScopeJson.usage(out, answer.usage());
    return out.raw("}").toBytes();
  }

  private static void choices(JsonBytes out, Answer answer, DashScopeFormat format) {
    out.raw("{\"text\":null,\"finish_reason\":null,\"choices\":[");
    for (int i = 0; i < answer.choices().size(); i++) {
      Answer.Choice choice = answer.choices().get(i);
      out.raw(i == 0 ? "" : ",").raw("{\"index\":").number(i);
      out.raw(",\"finish_reason\":").text(AnswerJson.nameOf(choice.finishReason()));
      out.raw(",\"message\":{\"role\":\"assistant\",\"content\":");
      DashScopeJson.content(out, choice.text(), format.parts());
      if (!choice.reasoning().isEmpty()) {
        out.raw(",\"reasoning_content\":").text(choice.reasoning());
      }
      if (!choice.toolCalls().isEmpty()) {
        out.raw(",\"tool_calls\":");
        AnswerJson.toolCalls(out, choice.toolCalls());
      }
      out.raw("}");
      if (answer.head().logprobs()) {
        out.raw(",\"logprobs\":");
        AnswerJson.chatLogprobs(out, choice.logprobs());
      }
      out.raw("}");
    }
    out.raw("]}");
  }

  /** Vectors of texts. */
  public static byte[] encode(EmbeddingAnswer answer, String requestId) {
    JsonBytes out = begin(requestId).raw("{\"embeddings\":[");
    for (int i = 0; i < answer.vectors().size(); i++) {
      out.raw(i == 0 ? "" : ",").raw("{\"text_index\":").number(i).raw(",\"embedding\":[");
      float[] vector = answer.vectors().get(i);
      for (int k = 0; k < vector.length; k++) {
        out.raw(k == 0 ? "" : ",").number(vector[k]);
      }
      out.raw("]}");
    }
    return total(out.raw("]}"), answer.usage().totalTokens());
  }

  /** Documents by relevance. */
  public static byte[] encode(RerankAnswer answer, String requestId) {
    JsonBytes out = begin(requestId).raw("{\"results\":[");
    boolean first = true;
    for (RerankAnswer.Result result : answer.results()) {
      out.raw(first ? "" : ",").raw("{\"index\":").number(result.index());
      out.raw(",\"relevance_score\":").number(result.relevance());
      result
          .document()
          .ifPresent(document -> out.raw(",\"document\":{\"text\":").text(document).raw("}"));
      out.raw("}");
      first = false;
    }
    return total(out.raw("]}"), answer.usage().totalTokens());
  }

  private static JsonBytes begin(String requestId) {
    return new JsonBytes(1024).raw("{\"request_id\":").text(requestId).raw(",\"output\":");
  }

  private static byte[] total(JsonBytes out, long tokens) {
    return out.raw(",\"usage\":{\"total_tokens\":").number(tokens).raw("}}").toBytes();
  }
}
