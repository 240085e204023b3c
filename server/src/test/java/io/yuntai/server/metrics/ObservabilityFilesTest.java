package io.yuntai.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.yuntai.dialect.EncoderAnswer;
import io.yuntai.dialect.EncoderRequest;
import io.yuntai.dialect.ModelRequest;
import io.yuntai.engine.prefix.PrefixDisk;
import io.yuntai.ledger.database.Database;
import io.yuntai.server.config.ObservabilitySettings;
import io.yuntai.server.gateway.EncoderGateway;
import io.yuntai.server.gateway.ModelHost;
import io.yuntai.server.gateway.Principal;
import io.yuntai.server.gateway.Routing;
import io.yuntai.server.gateway.RunningAnswer;
import io.yuntai.server.gateway.TargetStatistics;
import io.yuntai.server.http.InFlight;
import io.yuntai.server.telemetry.TraceExporter;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/**
 * The page on metrics, the dashboard and the alerts name metrics that there are, and the page all.
 */
class ObservabilityFilesTest {
  private static final Path ROOT = root();
  private static final Pattern NAME = Pattern.compile("\\b(?:yuntai|jvm|process)_[a-z0-9_]+");

  /** The checkout, wherever the build runs. */
  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.exists(folder.resolve("docs/observability.md"))) {
      folder = folder.getParent();
    }
    return Path.of(String.valueOf(folder));
  }

  private static final Routing ONE_TARGET =
      new Routing() {
        @Override
        public Optional<RunningAnswer> start(ModelRequest request, Principal asker, Here here) {
          return Optional.empty();
        }

        @Override
        public Optional<EncoderGateway.Pending<EncoderAnswer>> start(
            EncoderRequest request, Principal asker, Encoders here) {
          return Optional.empty();
        }

        @Override
        public List<Listed> listed() {
          return List.of();
        }

        @Override
        public List<TargetStatistics> statistics() {
          return List.of(new TargetStatistics("a/b", 0, true, 0, Map.of("ok", 1L), 1, 1, 1, 1));
        }
      };

  private static Set<String> names() {
    ModelHost host = new ModelHost();
    host.keepingPrompts(() -> Optional.of(new PrefixDisk.Statistics(0, 0, 0, 0, 0, 0, 0, 0, 0)));
    LedgerMetrics ledger =
        new LedgerMetrics(() ->
            new LedgerMetrics.Figures(new Database.PoolUse(1, 2, 3, 4), 5, 6, 7, true, 8, 9, 10));
    try (TraceExporter exporter =
        TraceExporter.start(
            new ObservabilitySettings.Traces(
                URI.create("http://127.0.0.1:1/v1/traces"), Map.of(), "test", 1),
            new Random(1))) {
      List<MetricSource> sources =
          List.of(new RequestMetrics(), ledger, new ProcessMetrics(), new TraceMetrics(exporter));
      ModelMetrics all = new ModelMetrics(host, ONE_TARGET, new InFlight(10), sources);
      assertThat(all.text()).isNotEmpty();
      return all.snapshots().stream()
          .map(ObservabilityFilesTest::shown)
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static String shown(MetricSnapshot metric) {
    String name = metric.getMetadata().getPrometheusName();
    return switch (metric) {
      case CounterSnapshot _ -> name + "_total";
      case InfoSnapshot _ -> name + "_info";
      default -> name;
    };
  }

  private static Set<String> named(String text) {
    return NAME.matcher(text)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String read(String file) throws IOException {
    return Files.readString(ROOT.resolve(file));
  }

  @Test
  void thePageHasALineForEachMetricAndForNoOther() throws Exception {
    Set<String> rows =
        read("docs/observability.md")
            .lines()
            .filter(line -> line.startsWith("| `"))
            .map(line -> line.substring(3, line.indexOf('`', 3)))
            .filter(name -> NAME.matcher(name).matches())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(rows).containsExactlyElementsOf(names());
  }

  @Test
  void alertsAndDashboardUseMetricsThatThereAre() throws Exception {
    Set<String> names = names();
    for (String file :
        List.of("deploy/prometheus/yuntai.rules.yml", "deploy/grafana/yuntai.json")) {
      Set<String> used =
          named(read(file)).stream()
              .map(name -> name.replaceAll("_(bucket|count|sum)$", ""))
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(used).as(file).hasSizeGreaterThan(5);
      assertThat(names).as(file).containsAll(used);
    }
    assertThat(new JsonMapper().readTree(read("deploy/grafana/yuntai.json")).path("panels").size())
        .isGreaterThan(10);
  }
}
