package io.yuntai.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.server.testing.TestServer;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class MetricsTest {
  @Test
  void tellsTheKernelAndWhatTheEngineHasDone() throws Exception {
    try (TestServer server = new TestServer()) {
      assertThat(
              server
                  .post(
                      "/v1/completions",
                      "{\"model\":\"letters:1b\",\"prompt\":\"1 2\",\"temperature\":0,\"max_tokens\":50}")
                  .statusCode())
          .isEqualTo(200);

      HttpResponse<String> response = server.get("/metrics");

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("content-type"))
          .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
      assertThat(response.body())
          .contains(
              "# TYPE yuntai_model_info gauge\n",
              "yuntai_model_info{kernel=\"test\",model=\"letters:1b\"} 1\n",
              "yuntai_model_serving{model=\"letters:1b\"} 1.0\n",
              "yuntai_generations_running{model=\"letters:1b\"} 0.0\n",
              "# TYPE yuntai_prompt_tokens_total counter\n",
              // The beginning of the text and three bytes; 26 letters and the end token.
              "yuntai_prompt_tokens_total{model=\"letters:1b\"} 4.0\n",
              "yuntai_completion_tokens_total{model=\"letters:1b\"} 27.0\n");
    }
  }

  @Test
  void asksForAKey() throws Exception {
    try (TestServer server = new TestServer()) {
      server.keys().clear();

      assertThat(server.get("/metrics").statusCode()).isEqualTo(401);
    }
  }
}
