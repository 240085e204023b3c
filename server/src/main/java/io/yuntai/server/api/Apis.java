package io.yuntai.server.api;

import io.yuntai.ledger.responses.ResponseStore;
import io.yuntai.server.batches.BatchRunner;
import io.yuntai.server.files.FileStore;
import io.yuntai.server.gateway.Access;
import io.yuntai.server.gateway.EncoderGateway;
import io.yuntai.server.gateway.Gateway;
import io.yuntai.server.gateway.HostedAdapters;
import io.yuntai.server.gateway.ModelHost;
import io.yuntai.server.http.Api;
import io.yuntai.server.http.InFlight;
import io.yuntai.server.metrics.MetricSource;
import io.yuntai.server.runs.Runs;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;

/** The APIs that this server speaks. */
public final class Apis {
  private Apis() {}

  /**
   * All of them, in the order in which they are asked whether a path is theirs.
   *
   * @param models may gain and lose models while the server runs
   * @param files what clients keep here
   * @param batches what is answered when there is room for it
   * @param metrics what belongs to this server's metrics beside its models' and targets'
   * @param landing where a browser that opens {@code /} is sent; empty for nowhere
   */
  public static List<Api> of(
      ModelHost models,
      Gateway gateway,
      EncoderGateway encoders,
      HostedAdapters adapters,
      Access access,
      InFlight inFlight,
      Runs runs,
      ResponseStore responses,
      FileStore files,
      BatchRunner batches,
      List<MetricSource> metrics,
      String landing) {
    Services services =
        Services.of(models, gateway, encoders, access, inFlight, runs, responses, metrics, landing);
    AnthropicApi anthropic = new AnthropicApi(services);
    OpenAiApi openAi = new OpenAiApi(services, anthropic);
    DashScopeTaskBook tasks =
        new DashScopeTaskBook(inFlight, new SecureRandom(), InstantSource.system());
    FilesApi filesApi = new FilesApi(services, files, InstantSource.system());
    BatchesApi batchesApi = new BatchesApi(services, batches);
    return List.of(
        new SystemApi(services),
        new RunsApi(services),
        new AdapterApi(services.callers(), adapters),
        anthropic,
        // Before DashScope's, below whose paths its files lie.
        new DashScopeFilesApi(services, files, InstantSource.system()),
        new DashScopeApi(services, tasks),
        new CompatibleModeApi(List.of(filesApi, batchesApi, openAi)),
        // After DashScope's, whose paths begin alike.
        new OllamaApi(services, InstantSource.system()),
        filesApi,
        batchesApi,
        // The last one: what belongs to nobody is refused in the shape that most clients read.
        openAi);
  }
}
