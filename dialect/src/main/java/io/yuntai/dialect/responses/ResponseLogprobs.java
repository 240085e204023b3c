package io.yuntai.dialect.responses;

import io.yuntai.dialect.TokenLogprob;
import io.yuntai.dialect.TokenLogprob.Scored;
import io.yuntai.dialect.json.JsonBytes;
import java.util.List;

/** Log-probabilities as this API writes them. */
final class ResponseLogprobs {
  private ResponseLogprobs() {}

  static void write(JsonBytes out, List<TokenLogprob> logprobs) {
    out.raw("[");
    for (int i = 0; i < logprobs.size(); i++) {
      out.raw(i == 0 ? "{" : ",{");
      scored(out, logprobs.get(i).token());
      out.raw(",\"top_logprobs\":[");
      List<Scored> top = logprobs.get(i).top();
      for (int k = 0; k < top.size(); k++) {
        out.raw(k == 0 ? "{" : ",{");
        scored(out, top.get(k));
        out.raw("}");
      }
      out.raw("]}");
    }
    out.raw("]");
  }

  private static void scored(JsonBytes out, Scored scored) {
    out.raw("\"token\":").text(scored.text()).raw(",\"logprob\":").logprob(scored.logprob());
    out.raw(",\"bytes\":").value(scored.bytes());
  }
}
