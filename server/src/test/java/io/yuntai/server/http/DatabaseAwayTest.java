package io.yuntai.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.openai.OpenAiErrors;
import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.server.testing.TestServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DatabaseAwayTest {
  /** An API whose requests all need a database that does not answer. */
  private static final Api NEEDS_DATABASE =
      new Api() {
        @Override
        public boolean owns(String path) {
          return true;
        }

        @Override
        public Optional<Resource> at(String path) {
          return Optional.of(
              Resource.get(_ -> {
                throw new DatabaseException("The database has not answered for 5 seconds.");
              }));
        }

        @Override
        public ErrorReply error(ApiError error, String requestId) {
          return new ErrorReply(error.status(), OpenAiErrors.encode(error));
        }
      };

  @Test
  void aDatabaseThatDoesNotAnswerIsNoFaultOfTheServerAndSaysWhenToAskAgain() throws Exception {
    try (HttpServer server =
            HttpServer.start(TestServer.OPTIONS, List.of(NEEDS_DATABASE), new InFlight(10));
        HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/v1/models"))
                  .build(),
              BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("retry-after")).contains("5");
      assertThat(answer.body()).contains("database_unavailable").doesNotContain("seconds");
    }
  }
}
