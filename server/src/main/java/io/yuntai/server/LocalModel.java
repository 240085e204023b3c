package io.yuntai.server;

import io.yuntai.engine.ModelKind;
import io.yuntai.models.catalog.Catalog;
import io.yuntai.models.store.StoredModel;
import io.yuntai.server.gateway.ModelHost;
import java.time.Duration;

/** A model that runs in this process. */
sealed interface LocalModel permits RunningModel, RunningEncoder {
  /** What requests call it. */
  String name();

  /** Its file. */
  StoredModel stored();

  /** What it is for. */
  ModelKind kind();

  /** Number of weights. */
  long parameters();

  /** Most tokens of one sequence. */
  int contextTokens();

  /** The kernel in use. */
  String kernel();

  /** Lets requests reach it. */
  void addTo(ModelHost host, Catalog catalog);

  /** Refuses new requests and ends the running ones within {@code grace}. */
  void stop(Duration grace);
}
