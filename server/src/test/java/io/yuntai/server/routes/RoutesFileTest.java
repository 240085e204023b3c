package io.yuntai.server.routes;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoutesFileTest {
  private static final String WHOLE =
      """
      [local]
      residency = ["CN"]

      [keys.ci]
      residency = ["eu"]

      [upstreams.openai]
      kind = "openai"
      key_env = "OPENAI_API_KEY"
      residency = ["us"]
      first_token_timeout = "20s"
      breaker = { failures = 2, open = "1s", max_open = "1m", probes = 3 }
      health = { path = "/models", every = "5s", timeout = "500ms" }

      [upstreams.rack]
      kind = "openai-compatible"
      url = "http://10.0.0.7:8000/v1/"

      [upstreams.azure]
      kind = "azure"
      url = "https://name.openai.azure.com"
      api_version = "2024-10-21"

      [routes.smart]
      attempts = 2
      retry_share = 0.1
      [[routes.smart.targets]]
      upstream = "openai"
      model = "gpt-4.1"
      weight = 3
      context = 128000
      price = { currency = "USD", input = "2.00", cached_input = "0.50", output = "8.00" }
      [[routes.smart.targets]]
      upstream = "rack"
      model = "qwen"
      residency = ["eu", "de"]
      priority = 1
      [[routes.smart.targets]]
      model = "letters:1b"
      priority = 2
      """;

  @TempDir private Path folder;

  private RouteTable read(String toml) throws Exception {
    Path file = folder.resolve("yuntai.toml");
    Files.writeString(file, toml);
    return RoutesFile.read(file, Map.of("OPENAI_API_KEY", "sk-secret-1"));
  }

  private static UpstreamSettings upstream(RouteTable table, String name) {
    return requireNonNull(table.upstreams().get(name));
  }

  @Test
  void everythingThatMayStandThereIsRead() throws Exception {
    RouteTable table = read(WHOLE);
    assertThat(table.localResidency()).containsExactly("cn");
    assertThat(table.keyResidency()).containsEntry("ci", Set.of("eu"));
    UpstreamSettings openai = upstream(table, "openai");
    assertThat(openai.address().host()).isEqualTo("api.openai.com");
    assertThat(openai.timeouts().firstToken()).isEqualTo(Duration.ofSeconds(20));
    assertThat(openai.breaker().probes()).isEqualTo(3);
    assertThat(openai.health().orElseThrow().timeout()).isEqualTo(Duration.ofMillis(500));
    assertThat(upstream(table, "rack").address().basePath()).isEqualTo("/v1");
    Route smart = requireNonNull(table.routes().get("smart"));
    assertThat(smart.attempts()).isEqualTo(2);
    assertThat(smart.targets()).hasSize(3);
    Target first = smart.targets().getFirst();
    assertThat(first.residency()).containsExactly("us");
    assertThat(first.contextTokens()).isEqualTo(OptionalInt.of(128_000));
    assertThat(first.price().orElseThrow().cachedInput()).isEqualTo(new BigDecimal("0.50"));
    assertThat(smart.targets().get(1).residency()).containsExactlyInAnyOrder("eu", "de");
    assertThat(smart.targets().get(2).residency()).containsExactly("cn");
  }

  @Test
  void nothingPrintsAKey() throws Exception {
    assertThat(read(WHOLE).toString()).doesNotContain("sk-secret-1");
  }

  @Test
  void allFaultsAreToldAtOnceWithLineAndColumn() {
    assertThatThrownBy(() ->
            read(
                """
                [upstreams.a]
                kind = "opnai"
                key_env = "MISSING_KEY"
                [routes.r]
                atempts = 3
                [[routes.r.targets]]
                upstream = "b"
                model = "m"
                weight = 0
                price = { currency = "USD", input = 2.5, output = "1" }
                """))
        .isInstanceOf(RoutesFileException.class)
        .hasMessageContaining("yuntai.toml:2:1: 'upstreams.a.kind' is \"opnai\"")
        .hasMessageContaining("yuntai.toml:3:1: 'upstreams.a.key_env': the environment variable")
        .hasMessageContaining("yuntai.toml:5:1: 'routes.r.atempts' is not known here")
        .hasMessageContaining("yuntai.toml:7:1: 'routes.r.targets[0].upstream' is \"b\"")
        .hasMessageContaining("yuntai.toml:9:1: 'routes.r.targets[0].weight' is 0")
        .hasMessageContaining("'routes.r.targets[0].price.input' must be a text");
  }

  @Test
  void brokenTomlIsToldWithLineAndColumn() {
    assertThatThrownBy(() -> read("[routes.r]\nattempts = = 3\n"))
        .isInstanceOf(RoutesFileException.class)
        .hasMessageContaining("yuntai.toml:2:12:");
  }

  @Test
  void aKeyFileThatOthersMayReadIsRefused() throws Exception {
    Path key = folder.resolve("key");
    Files.writeString(key, "sk-from-file\n");
    String toml =
        "[upstreams.a]\nkind = \"openai-compatible\"\nurl = \"http://h/v1\"\nkey_file = \"key\"\n";
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> read(toml))
        .isInstanceOf(RoutesFileException.class)
        .hasMessageContaining("chmod 600")
        .hasMessageNotContaining("sk-from-file");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    assertThat(upstream(read(toml), "a").credential().isNone()).isFalse();
  }

  @Test
  void damagedFilesAreReadOrRefused() throws Exception {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    System.out.println("-Dyuntai.seed=" + seed);
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < 300; i++) {
      byte[] bytes = WHOLE.getBytes(StandardCharsets.UTF_8);
      for (int k = 1 + random.nextInt(3); k > 0; k--) {
        bytes[random.nextInt(bytes.length)] =
            random.nextBoolean()
                ? (byte) "[]{}=\"',.\n#0a".charAt(random.nextInt(13))
                : (byte) random.nextInt(256);
      }
      Path file = folder.resolve("damaged.toml");
      Files.write(file, bytes);
      try {
        assertThat(RoutesFile.read(file, Map.of("OPENAI_API_KEY", "k"))).isNotNull();
      } catch (RoutesFileException e) {
        refused++;
        assertThat(e.getMessage()).isNotBlank();
      }
    }
    assertThat(refused).isPositive();
  }
}
