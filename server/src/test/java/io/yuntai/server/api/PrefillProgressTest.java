package io.yuntai.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.server.testing.RawClient;
import io.yuntai.server.testing.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Long prompts are not silent. */
class PrefillProgressTest {
  @Test
  void aStreamTellsHowFarItsPromptHasCome() throws Exception {
    try (TestServer server = new TestServer();
        RawClient client = new RawClient(server.port())) {
      server.decoder().hold();
      // With a token that begins and two brackets: 1000.
      String prompt = "a".repeat(997);
      client.send(
          RawClient.post(
              "/v1/chat/completions",
              "{\"model\":\"letters:1b\",\"stream\":true,\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                  .formatted(prompt)));
      Awaitility.await().until(() -> server.decoder().steps() == 1);
      server.decoder().letSteps(1);

      assertThat(client.readUntil(": prefill 256/1000\n\n")).startsWith("HTTP/1.1 200");
      server.decoder().release();
      assertThat(client.readUntil("[DONE]\n\n")).contains("\"finish_reason\":\"length\"");
    }
  }
}
