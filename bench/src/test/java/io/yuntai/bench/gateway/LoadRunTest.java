package io.yuntai.bench.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadRunTest {
  @Test
  void everyRequestIsAnsweredWholeByTheUpstreamThatPretends() throws Exception {
    try (EventLoop loop = new EventLoop()) {
      MockUpstream mock = new MockUpstream(loop, 0);
      for (boolean stream : new boolean[] {false, true}) {
        LoadClient client =
            new LoadClient(
                loop, mock.port(), "/v1/chat/completions", "mock", List.of("a", "b"), stream);
        LoadRun.Result result = LoadRun.run(loop, client, 50, 0.5);
        client.close();
        assertThat(result.errors()).isEmpty();
        assertThat(result.good()).isEqualTo(25);
        assertThat(result.p50()).isGreaterThanOrEqualTo(stream ? 545 : 50);
      }
      assertThat(mock.broken()).isZero();
    }
  }

  @Test
  void whatIsNotAnsweredIsCountedAsAnError() throws Exception {
    int port;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
    }
    try (EventLoop loop = new EventLoop()) {
      LoadClient client = new LoadClient(loop, port, "/", "mock", List.of("a"), false);
      LoadRun.Result result = LoadRun.run(loop, client, 50, 0.1);
      assertThat(result.good()).isZero();
      assertThat(result.errors().values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(5);
    }
  }
}
