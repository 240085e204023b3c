package io.yuntai.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.ledger.keys.Network;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustedProxiesTest {
  private final TrustedProxies proxies =
      new TrustedProxies(List.of(Network.parse("10.0.0.0/8"), Network.parse("2001:db8::/32")));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          198.51.100.1 | 203.0.113.9                        | 198.51.100.1
          10.0.0.1     | -                                  | 10.0.0.1
          10.0.0.1     | 203.0.113.9                        | 203.0.113.9
          10.0.0.1     | 1.2.3.4, 203.0.113.9               | 203.0.113.9
          10.0.0.1     | 1.2.3.4, 203.0.113.9, 10.1.2.3     | 203.0.113.9
          10.0.0.1     | 1.2.3.4;203.0.113.9, 10.1.2.3      | 203.0.113.9
          10.0.0.1     | 10.9.9.9, 10.1.2.3                 | 10.9.9.9
          10.0.0.1     | 203.0.113.9:4711                   | 203.0.113.9
          10.0.0.1     | [2001:db9::7]:443                  | 2001:db9:0:0:0:0:0:7
          2001:db8::1  | 2001:db9::7                        | 2001:db9:0:0:0:0:0:7
          10.0.0.1     | 203.0.113.9, unknown               | 10.0.0.1
          10.0.0.1     | 203.0.113.9, , 10.1.2.3            | 10.1.2.3
          10.0.0.1     | 127.1                              | 10.0.0.1
          """)
  void theClientIsTheRightmostThatIsNoTrustedProxy(String peer, String header, String client) {
    List<String> lines = header == null ? List.of() : Arrays.asList(header.split(";"));
    assertThat(proxies.client(InetAddress.ofLiteral(peer), lines).getHostAddress())
        .isEqualTo(client);
  }

  @Test
  void withoutTrustedProxiesNobodyIsBelieved() {
    InetAddress peer = InetAddress.ofLiteral("10.0.0.1");
    assertThat(new TrustedProxies(List.of()).client(peer, List.of("203.0.113.9"))).isEqualTo(peer);
  }

  @Test
  void noHeaderBreaksIt() {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    Random random = new Random(seed);
    InetAddress peer = InetAddress.ofLiteral("10.0.0.1");
    String letters = "0123456789abcdef:.[], %\u00e9";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder line = new StringBuilder();
      for (int at = random.nextInt(60); at > 0; at--) {
        line.append(letters.charAt(random.nextInt(letters.length())));
      }
      assertThat(proxies.client(peer, List.of(line.toString()))).as("seed " + seed).isNotNull();
    }
    assertThat(proxies.client(peer, List.of("10.1.1.1,".repeat(5000) + "203.0.113.9")))
        .isEqualTo(peer);
  }
}
