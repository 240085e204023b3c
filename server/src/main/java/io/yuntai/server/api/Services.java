package io.yuntai.server.api;

import io.yuntai.ledger.responses.ResponseStore;
import io.yuntai.server.gateway.Access;
import io.yuntai.server.gateway.EncoderGateway;
import io.yuntai.server.gateway.Gateway;
import io.yuntai.server.gateway.ModelHost;
import io.yuntai.server.http.InFlight;
import io.yuntai.server.metrics.MetricSource;
import io.yuntai.server.runs.Runs;
import java.util.List;

/**
 * What the APIs stand on.
 *
 * @param models may gain and lose models while the server runs
 * @param gateway generates answers
 * @param encoders computes vectors and scores
 * @param callers tells who asks
 * @param answers runs requests and writes their answers
 * @param inFlight what is being answered
 * @param runs answers that go on without their client
 * @param responses conversations that are kept
 * @param metrics what belongs to this server's metrics beside its models' and targets'
 * @param landing where a browser that opens {@code /} is sent; empty for nowhere
 */
record Services(
    ModelHost models,
    Gateway gateway,
    EncoderGateway encoders,
    Callers callers,
    Answers answers,
    InFlight inFlight,
    Runs runs,
    ResponseStore responses,
    List<MetricSource> metrics,
    String landing) {
  static Services of(
      ModelHost models,
      Gateway gateway,
      EncoderGateway encoders,
      Access access,
      InFlight inFlight,
      Runs runs,
      ResponseStore responses,
      List<MetricSource> metrics,
      String landing) {
    return new Services(
        models,
        gateway,
        encoders,
        new Callers(access),
        new Answers(gateway, inFlight, runs),
        inFlight,
        runs,
        responses,
        metrics,
        landing);
  }
}
