package io.yuntai.server.gateway;

import io.yuntai.dialect.AnswerHead;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.EncoderAnswer;
import io.yuntai.dialect.EncoderRequest;
import io.yuntai.dialect.ModelRequest;
import java.util.List;
import java.util.Optional;

/** Where requests go whose model's name is that of a route. Safe for use by many threads. */
public interface Routing {
  /** Every name is a model's. */
  Routing NONE =
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
          return List.of();
        }
      };

  /**
   * Starts an answer; the caller closes it.
   *
   * @param here this server's own models
   * @return empty where the name is no route's
   * @throws ApiException when the request must go nowhere
   */
  Optional<RunningAnswer> start(ModelRequest request, Principal asker, Here here)
      throws ApiException;

  /**
   * Starts an answer that generates nothing; the caller closes it.
   *
   * @param here this server's own models
   * @return empty where the name is no route's
   * @throws ApiException when the request must go nowhere
   */
  Optional<EncoderGateway.Pending<EncoderAnswer>> start(
      EncoderRequest request, Principal asker, Encoders here) throws ApiException;

  /** All routes, by name. */
  List<Listed> listed();

  /** What each target has done. */
  List<TargetStatistics> statistics();

  /** This server's own models, and the identity that it gives to answers. */
  interface Here {
    /** What all events of a new answer have in common. */
    AnswerHead head(ModelRequest request);

    /** Starts an answer of a model of this server; the caller closes it. */
    RunningAnswer start(ModelRequest request, Principal asker) throws ApiException;
  }

  /** This server's own models for vectors and scores. */
  interface Encoders {
    /** Starts an answer of a model of this server; the caller closes it. */
    EncoderGateway.Pending<? extends EncoderAnswer> start(EncoderRequest request, Principal asker)
        throws ApiException;
  }

  /**
   * A route in lists of models.
   *
   * @param name what requests call it
   * @param createdEpochSeconds since when it leads where it leads
   */
  record Listed(String name, long createdEpochSeconds) {}
}
