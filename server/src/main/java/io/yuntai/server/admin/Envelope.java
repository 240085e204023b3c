package io.yuntai.server.admin;

import io.yuntai.dialect.ApiException;
import io.yuntai.server.http.Exchange;
import java.util.Map;
import java.util.Optional;

/** What comes with a request beside its body, and what goes with its answer. */
interface Envelope {
  /**
   * A parameter of the query.
   *
   * @throws ApiException 400 when the query can't be read
   */
  Optional<String> query(String name) throws ApiException;

  /** A header of the request. */
  Optional<String> requestHeader(String name);

  /** Adds a header to the answer. */
  void header(String name, String value);

  /** Of a request over HTTP. */
  static Envelope of(Exchange exchange) {
    return new Envelope() {
      @Override
      public Optional<String> query(String name) throws ApiException {
        return exchange.query(name);
      }

      @Override
      public Optional<String> requestHeader(String name) {
        return exchange.requestHeader(name);
      }

      @Override
      public void header(String name, String value) {
        exchange.header(name, value);
      }
    };
  }

  /**
   * Of a request of this server's own pages, whose answer has no headers.
   *
   * @param query its parameters
   * @param ifMatch the version that was read; empty for any
   */
  static Envelope of(Map<String, String> query, String ifMatch) {
    return new Envelope() {
      @Override
      public Optional<String> query(String name) {
        return Optional.ofNullable(query.get(name));
      }

      @Override
      public Optional<String> requestHeader(String name) {
        return name.equals("If-Match") && !ifMatch.isEmpty()
            ? Optional.of(ifMatch)
            : Optional.empty();
      }

      @Override
      public void header(String name, String value) {}
    };
  }
}
