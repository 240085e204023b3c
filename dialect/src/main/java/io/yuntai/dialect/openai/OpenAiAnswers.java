package io.yuntai.dialect.openai;

import io.yuntai.dialect.Answer;
import io.yuntai.dialect.AnswerHead;
import io.yuntai.dialect.json.JsonBytes;

/** Whole answers to JSON bodies. */
public final class OpenAiAnswers {
  private OpenAiAnswers() {}

  /** A {@code chat.completion} or {@code text_completion} object. */
  public static byte[] encode(Answer answer) {
    AnswerHead head = answer.head();
    boolean chat = head.kind() == AnswerHead.Kind.CHAT;
    JsonBytes out = new JsonBytes(1024);
    out.raw("{\"id\":").text(head.id());
    out.raw(chat ? ",\"object\":\"chat.completion\"" : ",\"object\":\"text_completion\"");
    out.raw(",\"created\":").number(head.createdEpochSeconds());
    out.raw(",\"model\":").text(head.model());
    head.fingerprint().ifPresent(name -> out.raw(",\"system_fingerprint\":").text(name));
    out.raw(",\"choices\":[");
    for (int i = 0; i < answer.choices().size(); i++) {
      out.raw(i == 0 ? "" : ",");
      if (chat) {
        chatChoice(out, i, answer.choices().get(i), head.logprobs());
      } else {
        completionChoice(out, i, answer.choices().get(i), head.logprobs());
      }
    }
    out.raw("],\"usage\":");
    AnswerJson.usage(out, answer.usage());
    return out.raw("}").toBytes();
  }

  private static void chatChoice(JsonBytes out, int i, Answer.Choice choice, boolean logprobs) {
    out.raw("{\"index\":").number(i);
    out.raw(",\"message\":{\"role\":\"assistant\",\"content\":");
    if (choice.text().isEmpty() && !choice.toolCalls().isEmpty()) {
      out.raw("null");
    } else {
      out.text(choice.text());
    }
    if (!choice.reasoning().isEmpty()) {
      out.raw(",\"reasoning_content\":").text(choice.reasoning());
    }
    if (!choice.toolCalls().isEmpty()) {
      out.raw(",\"tool_calls\":");
      AnswerJson.toolCalls(out, choice.toolCalls());
    }
    out.raw(",\"refusal\":null,\"annotations\":[]},\"logprobs\":");
    if (logprobs) {
      AnswerJson.chatLogprobs(out, choice.logprobs());
    } else {
      out.raw("null");
    }
    finish(out, choice);
  }

  private static void completionChoice(
      JsonBytes out, int i, Answer.Choice choice, boolean logprobs) {
    out.raw("{\"text\":").text(choice.text()).raw(",\"index\":").number(i).raw(",\"logprobs\":");
    if (logprobs) {
      AnswerJson.completionLogprobs(out, choice.logprobs(), 0);
    } else {
      out.raw("null");
    }
    finish(out, choice);
  }

  private static void finish(JsonBytes out, Answer.Choice choice) {
    out.raw(",\"finish_reason\":").text(AnswerJson.nameOf(choice.finishReason())).raw("}");
  }
}
