package io.yuntai.server.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of webhooks, to a real HTTP server. */
class WebhookSenderTest {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final Instant NOW = Instant.ofEpochSecond(1_614_265_330);
  private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);

  private static HttpServer receiver;
  private static final Map<String, String> RECEIVED = new ConcurrentHashMap<>();

  @BeforeAll
  static void start() throws Exception {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          RECEIVED.put("line", exchange.getRequestMethod() + " " + exchange.getRequestURI());
          exchange
              .getRequestHeaders()
              .forEach((name, values) ->
                  RECEIVED.put(name.toLowerCase(java.util.Locale.ROOT), values.getFirst()));
          RECEIVED.put(
              "body", new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          String path = exchange.getRequestURI().getPath();
          exchange.getResponseHeaders().set("Location", "/elsewhere");
          exchange.sendResponseHeaders(
              path.startsWith("/status/") ? Integer.parseInt(path.substring(8)) : 204, -1);
          exchange.close();
        });
    receiver.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    receiver.start();
  }

  @AfterAll
  static void stop() {
    receiver.stop(0);
  }

  private static URI uri(String path) {
    return URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + path);
  }

  private static WebhookSender sender(boolean allowsPrivate, Duration timeout) {
    return new WebhookSender(
        allowsPrivate, (SSLSocketFactory) SSLSocketFactory.getDefault(), timeout);
  }

  private static final Duration LONG = Duration.ofSeconds(30);

  @Test
  void postsWithASignatureThatOthersCompute() throws Exception {
    sender(true, LONG).send(uri("/hook?x=1"), "msg_1", NOW, SECRET, BODY);
    assertThat(RECEIVED.get("line")).isEqualTo("POST /hook?x=1");
    assertThat(RECEIVED.get("body")).isEqualTo(new String(BODY, StandardCharsets.UTF_8));
    assertThat(RECEIVED.get("content-type")).isEqualTo("application/json");
    assertThat(RECEIVED.get("webhook-id")).isEqualTo("msg_1");
    assertThat(RECEIVED.get("webhook-timestamp")).isEqualTo("1614265330");
    assertThat(RECEIVED.get("webhook-signature"))
        .isEqualTo("v1," + WebhookSender.signature("msg_1", NOW, SECRET, BODY));
  }

  /** The example of the Standard Webhooks libraries. */
  @Test
  void signsAsStandardWebhooksDo() {
    assertThat(WebhookSender.signature("msg_p5jXN8AQM9LWM0D4loKWxJek", NOW, SECRET, BODY))
        .isEqualTo("g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 400, 404, 500})
  void takesOnlySuccessForOne(int status) {
    assertThatThrownBy(
            () -> sender(true, LONG).send(uri("/status/" + status), "m", NOW, SECRET, BODY))
        .isInstanceOf(IOException.class)
        .hasMessage("It answered %d.".formatted(status));
    assertThat(RECEIVED.get("line")).doesNotContain("elsewhere");
  }

  @Test
  void callsNobodyOfThisHouseUnlessThatIsAllowed() {
    for (String url :
        new String[] {
          uri("/").toString(),
          "http://localhost:1/",
          "http://[::1]:1/",
          "http://169.254.169.254/latest",
          "http://10.0.0.1/",
          "http://0.0.0.0/"
        }) {
      assertThatThrownBy(() -> sender(false, LONG).send(URI.create(url), "m", NOW, SECRET, BODY))
          .as(url)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("not the internet's");
    }
  }

  @Test
  void givesUpOnWhoKeepsSilent() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      URI url = URI.create("http://127.0.0.1:" + silent.getLocalPort());
      assertThatThrownBy(
              () -> sender(true, Duration.ofMillis(200)).send(url, "m", NOW, SECRET, BODY))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("did not answer within");
      assertThatThrownBy(() ->
              sender(true, Duration.ofMillis(200))
                  .send(
                      URI.create(url.toString().replace("http:", "https:")),
                      "m",
                      NOW,
                      SECRET,
                      BODY))
          .isInstanceOf(IOException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.127.255.255",
        "0.1.2.3",
        "192.0.0.8",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "2001:db8::1",
        "2001::1"
      })
  void knowsAddressesThatAreNotTheInternets(String address) throws Exception {
    assertThat(PublicAddresses.isPublic(InetAddress.getByName(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.1.1.1", "100.63.255.255", "172.32.0.1", "8.8.8.8", "2606:4700::1111"})
  void knowsTheInternets(String address) throws Exception {
    assertThat(PublicAddresses.isPublic(InetAddress.getByName(address))).isTrue();
  }
}
