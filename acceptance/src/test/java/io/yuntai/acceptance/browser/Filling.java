package io.yuntai.acceptance.browser;

import io.yuntai.acceptance.Yuntai;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Makes a log and a thread long. */
final class Filling {
  private static final int AT_ONCE = 16;

  private Filling() {}

  /** Asks so many times through the gateway, as programs do. */
  static void requests(Yuntai.Server server, int count) throws Exception {
    String body =
        """
        {"model":"canned","stream":true,"messages":[{"role":"user","content":"x"}]}\
        """;
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url() + "/v1/chat/completions"))
            .header("Authorization", "Bearer " + server.key())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (HttpClient http = HttpClient.newHttpClient();
        ExecutorService askers = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        int share = count / AT_ONCE + (i < count % AT_ONCE ? 1 : 0);
        all.add(
            askers.submit(() -> {
              for (int k = 0; k < share; k++) {
                HttpResponse<String> answer =
                    http.send(request, HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() != 200) {
                  throw new IOException(answer.body());
                }
              }
              return share;
            }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
  }

  /**
   * Makes a thread of one question and its answer as long as this, by the database: asked one after
   * the other, each question would carry all before it. Answers are once, twice or three times as
   * long as the first.
   */
  static void thread(Yuntai yuntai, String thread, int messages) throws IOException, SQLException {
    Path files = yuntai.home().resolve("postgres");
    String port = Files.readString(files.resolve("connection")).strip().replace("port=", "");
    String url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres?sslmode=disable";
    String password = Files.readString(files.resolve("password")).strip();
    try (Connection connection = DriverManager.getConnection(url, "yuntai", password);
        PreparedStatement more =
            connection.prepareStatement(
                """
                with first as (select * from chat_message where thread_id = ? and role = 'user'),
                  answer as (select * from chat_message where thread_id = ? and role = 'assistant'),
                  added as (
                    insert into chat_message (id, org_id, thread_id, parent_id, role, text, state,
                        model, input_tokens, output_tokens, first_millis, millis, request_id)
                      overriding system value
                      select a.id + i, a.org_id, a.thread_id, a.id + i - 1,
                        case i % 2 when 1 then 'user' else 'assistant' end,
                        case i % 2 when 1 then q.text || ' ' || i
                          else repeat(a.text, 1 + i / 2 % 3) end,
                        'complete', case i % 2 when 1 then '' else a.model end,
                        a.input_tokens, a.output_tokens, a.first_millis, a.millis, null
                      from first q, answer a, generate_series(1, ?) i
                      returning id)
                update chat_thread set leaf_id = (select max(id) from added) where id = ?
                """);
        PreparedStatement next =
            connection.prepareStatement(
                """
                select setval(pg_get_serial_sequence('chat_message', 'id'), max(id))
                from chat_message
                """)) {
      more.setObject(1, UUID.fromString(thread));
      more.setObject(2, UUID.fromString(thread));
      more.setInt(3, messages - 2);
      more.setObject(4, UUID.fromString(thread));
      more.executeUpdate();
      next.execute();
    }
  }
}
