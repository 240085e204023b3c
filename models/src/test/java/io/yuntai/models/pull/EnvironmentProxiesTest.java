package io.yuntai.models.pull;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentProxiesTest {
  private static final Proxy PROXY =
      new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("proxy", 3128));

  @Test
  void theProxyIsThatOfTheScheme() {
    Map<String, String> environment = Map.of("https_proxy", "http://proxy:3128");

    assertThat(select(environment, "https://hub.example/x")).isEqualTo(PROXY);
    assertThat(select(environment, "http://hub.example/x")).isEqualTo(Proxy.NO_PROXY);
  }

  @Test
  void upperCaseAndAllProxyCountToo() {
    assertThat(select(Map.of("HTTPS_PROXY", "proxy:3128"), "https://hub.example/x"))
        .isEqualTo(PROXY);
    assertThat(select(Map.of("ALL_PROXY", "http://proxy:3128"), "http://hub.example/x"))
        .isEqualTo(PROXY);
  }

  @Test
  void exemptHostsAndThisMachineGoDirect() {
    Map<String, String> environment =
        Map.of(
            "https_proxy", "http://proxy:3128", "no_proxy", "a.example, .b.example,c.example:443");

    assertThat(select(environment, "https://a.example/x")).isEqualTo(Proxy.NO_PROXY);
    assertThat(select(environment, "https://www.b.example/x")).isEqualTo(Proxy.NO_PROXY);
    assertThat(select(environment, "https://c.example/x")).isEqualTo(Proxy.NO_PROXY);
    assertThat(select(environment, "https://nota.example/x")).isEqualTo(PROXY);
    assertThat(select(environment, "https://127.0.0.1/x")).isEqualTo(Proxy.NO_PROXY);
    assertThat(select(Map.of("https_proxy", "proxy:3128", "NO_PROXY", "*"), "https://d.example/x"))
        .isEqualTo(Proxy.NO_PROXY);
  }

  @Test
  void whatIsNoAddressIsAsIfItWereNotSet() {
    assertThat(select(Map.of("https_proxy", "http://[bad"), "https://hub.example/x"))
        .isEqualTo(Proxy.NO_PROXY);
  }

  private static Proxy select(Map<String, String> environment, String uri) {
    return new EnvironmentProxies(environment, ProxySelector.of(null))
        .select(URI.create(uri))
        .getFirst();
  }
}
