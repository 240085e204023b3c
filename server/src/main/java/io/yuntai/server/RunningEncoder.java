package io.yuntai.server;

import io.yuntai.engine.EncoderEngine;
import io.yuntai.engine.EncoderOptions;
import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.LoadedEncoder;
import io.yuntai.engine.ModelKind;
import io.yuntai.models.catalog.Catalog;
import io.yuntai.models.store.StoredModel;
import io.yuntai.server.gateway.HostedEncoder;
import io.yuntai.server.gateway.ModelHost;
import java.time.Duration;

/**
 * A model for vectors or scores on this machine, with an engine that runs it.
 *
 * @param name what requests call it
 * @param stored its file
 * @param loaded what was read from it
 * @param engine runs it, and closes it at the end
 */
public record RunningEncoder(
    String name, StoredModel stored, LoadedEncoder loaded, EncoderEngine engine)
    implements LocalModel {
  /**
   * Loads a model and starts its engine.
   *
   * @throws io.yuntai.engine.ModelFormatException for a file that this engine can't run
   * @throws io.yuntai.engine.NotEnoughMemoryException when it doesn't fit
   */
  public static RunningEncoder start(StoredModel stored, LoadOptions options) {
    LoadedEncoder loaded = LoadedEncoder.open(stored.file(), options);
    return new RunningEncoder(
        RunningModel.servedName(stored),
        stored,
        loaded,
        EncoderEngine.start(loaded.encoder(), EncoderOptions.DEFAULTS));
  }

  @Override
  public ModelKind kind() {
    return loaded.kind();
  }

  @Override
  public long parameters() {
    return loaded.parameters();
  }

  @Override
  public int contextTokens() {
    return engine.contextTokens();
  }

  @Override
  public String kernel() {
    return loaded.kernel();
  }

  @Override
  public void addTo(ModelHost host, Catalog catalog) {
    host.add(
        new HostedEncoder(
            name,
            Provenance.createdEpochSeconds(stored),
            Provenance.owner(stored, catalog),
            loaded.texts(),
            engine,
            kernel()));
  }

  @Override
  public void stop(Duration grace) {
    engine.stop(grace);
  }
}
