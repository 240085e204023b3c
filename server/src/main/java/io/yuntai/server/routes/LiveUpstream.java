package io.yuntai.server.routes;

import io.yuntai.dialect.anthropic.AnthropicUpstream;
import io.yuntai.dialect.dashscope.DashScopeUpstream;
import io.yuntai.dialect.ollama.OllamaUpstream;
import io.yuntai.dialect.openai.OpenAiFlavour;
import io.yuntai.dialect.openai.OpenAiUpstream;
import io.yuntai.dialect.upstream.UpstreamCodec;
import io.yuntai.server.upstream.Deadlines;
import io.yuntai.server.upstream.Upstream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An upstream in use, and the probes that ask whether it lives. Safe for use by many threads. */
final class LiveUpstream implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveUpstream.class);

  /** One lost probe is no news. */
  private static final int FAILED_PROBES = 2;

  private final UpstreamSettings settings;
  private final Upstream upstream;
  private final @Nullable Thread probes;
  private volatile boolean healthy = true;

  LiveUpstream(UpstreamSettings settings, Deadlines deadlines) {
    this.settings = settings;
    this.upstream =
        new Upstream(
            settings.name(),
            settings.address(),
            codec(settings),
            settings.credential(),
            settings.timeouts(),
            deadlines);
    this.probes =
        settings
            .health()
            .map(health ->
                Thread.ofVirtual().name("probe-" + settings.name()).start(() -> probe(health)))
            .orElse(null);
  }

  private static UpstreamCodec codec(UpstreamSettings settings) {
    return switch (settings.kind()) {
      case OPENAI -> OpenAiUpstream.of(OpenAiFlavour.OPENAI);
      case COMPATIBLE -> OpenAiUpstream.of(OpenAiFlavour.COMPATIBLE);
      case AZURE -> OpenAiUpstream.azure(settings.apiVersion());
      case ANTHROPIC -> new AnthropicUpstream();
      case DASHSCOPE -> new DashScopeUpstream();
      case OLLAMA -> new OllamaUpstream();
    };
  }

  UpstreamSettings settings() {
    return settings;
  }

  Upstream upstream() {
    return upstream;
  }

  boolean healthy() {
    return healthy;
  }

  private void probe(UpstreamSettings.Health health) {
    int failed = 0;
    try {
      while (true) {
        boolean lives = lives(health);
        failed = lives ? 0 : failed + 1;
        boolean now = failed < FAILED_PROBES;
        if (now != healthy) {
          healthy = now;
          LOG.warn(
              "the upstream {} {}", settings.name(), now ? "answers again" : "does not answer");
        }
        Thread.sleep(health.every());
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  private boolean lives(UpstreamSettings.Health health) {
    try {
      return upstream.probe(health.path(), health.timeout()) < 500;
    } catch (IOException e) {
      LOG.debug("probe of {}: {}", settings.name(), e.toString());
      return false;
    }
  }

  /** Ends the probes; answers under way go on. */
  @Override
  public void close() {
    if (probes != null) {
      probes.interrupt();
    }
    upstream.close();
  }
}
