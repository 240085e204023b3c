package io.yuntai.acceptance;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.json.JsonMapper;

/** An OpenAI-compatible upstream that answers as many questions as it is allowed to, and waits. */
final class GatedUpstream implements AutoCloseable {
  private final LocalUpstream server;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int allowed;
  private int answered;
  private int life;

  GatedUpstream() throws IOException {
    server = new LocalUpstream("gated", this::answer);
  }

  /** The route to it, whose name is {@code gated}, as a configuration has it. */
  String route() {
    return server.route();
  }

  /** So many more may be answered. */
  void allow(int more) {
    lock.lock();
    try {
      allowed += more;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isAllUsed() {
    lock.lock();
    try {
      return allowed == 0;
    } finally {
      lock.unlock();
    }
  }

  int answered() {
    lock.lock();
    try {
      return answered;
    } finally {
      lock.unlock();
    }
  }

  /** Whoever asked before this gets no answer any more. */
  void forgetWaiting() {
    lock.lock();
    try {
      life++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean mayAnswer() throws InterruptedException {
    lock.lock();
    try {
      int mine = life;
      while (allowed == 0 && life == mine) {
        changed.await();
      }
      if (life != mine) {
        return false;
      }
      allowed--;
      answered++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String question =
          JsonMapper.shared()
              .readTree(exchange.getRequestBody().readAllBytes())
              .at("/messages/0/content")
              .asString();
      if (!mayAnswer()) {
        return;
      }
      byte[] body =
          """
          {"id":"1","object":"chat.completion","created":1,"model":"gated","choices":[{"index":0,\
          "message":{"role":"assistant","content":"answer to %s"},"finish_reason":"stop"}],\
          "usage":{"prompt_tokens":2,"completion_tokens":4,"total_tokens":6}}\
          """
              .formatted(question)
              .getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("content-type", "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    forgetWaiting();
    server.close();
  }
}
