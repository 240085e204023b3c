package io.yuntai.bench.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
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
  void longAnswersComeWholeToo() throws Exception {
    try (EventLoop loop = new EventLoop()) {
      MockUpstream mock = new MockUpstream(loop, 0);
      LoadClient client =
          new LoadClient(loop, mock.port(), "/v1/chat/completions", "mock", List.of("a"), true)
              .askingForLong();
      LoadRun.Result result = LoadRun.run(loop, client, 20, 0.1);
      client.close();
      assertThat(result.errors()).isEmpty();
      assertThat(result.good()).isEqualTo(2);
    }
  }

  @Test
  void aPictureHasTheLoadsThatAllProductsHad() {
    AddedLatency.Load both = AddedLatency.Load.parse("whole:10:8");
    AddedLatency.Load one = AddedLatency.Load.parse("stream:240:5");
    String svg = PeerChart.svg(List.of(row("Ours", both), row("Ours", one), row("Theirs", both)));
    assertThat(svg)
        .contains("added, median, Ours", "CPU of each, Theirs", "10 whole answers a second")
        .doesNotContain("streams");
    assertThat(row("Ours", both).row())
        .isEqualTo("| Ours | whole | 10 | 80 of 80 | 2.00 | 3.00 | 2.00 | 1.50 | 300 |");
  }

  private static AddedLatency row(String product, AddedLatency.Load load) {
    LoadRun.Result direct = new LoadRun.Result(80, Map.of(), 1, 50, 51, 52, 50, 51);
    LoadRun.Result through = new LoadRun.Result(80, Map.of(), 1, 52, 54, 60, 52, 54);
    return new AddedLatency(
        product, load, 80, 80, List.of(new AddedLatency.Pair(direct, through, 1.5)), 300);
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
