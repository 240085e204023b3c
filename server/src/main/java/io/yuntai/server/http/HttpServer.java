package io.yuntai.server.http;

import io.yuntai.server.telemetry.Telemetry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.channels.ServerSocketChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP side of a running Yuntai. Safe for use by many threads. */
public final class HttpServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

  /** Platform threads: they accept and select; requests run on virtual ones. */
  private static final int MAX_THREADS = 16;

  private static final int MAX_SELECTORS = 4;
  private static final int LISTEN_QUEUE = 1024;

  /** For streams to take in their last event after they have been told. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final Server server;
  private final ServerConnector connector;
  private final ClientWatch clients;
  private final InFlight inFlight;
  private final AtomicBoolean stopped = new AtomicBoolean();

  private HttpServer(
      Server server, ServerConnector connector, ClientWatch clients, InFlight inFlight) {
    this.server = server;
    this.connector = connector;
    this.clients = clients;
    this.inFlight = inFlight;
  }

  /**
   * Binds and serves.
   *
   * @param apis the first that owns a path answers it; the last one answers for all other paths
   * @param inFlight where the APIs list what they wait for
   * @throws PortInUseException when the port is taken
   * @throws UncheckedIOException when the address can't be bound for another reason
   */
  public static HttpServer start(HttpOptions options, List<Api> apis, InFlight inFlight) {
    return start(options, apis, inFlight, Telemetry.NONE);
  }

  /**
   * The same, with whoever is told of requests.
   *
   * @throws PortInUseException when the port is taken
   * @throws UncheckedIOException when the address can't be bound for another reason
   */
  public static HttpServer start(
      HttpOptions options, List<Api> apis, InFlight inFlight, Telemetry telemetry) {
    SecureRandom random = new SecureRandom();
    IdleConnections connections = new IdleConnections(options);
    ClientWatch clients = new ClientWatch(options, connections::sweep);
    Dispatcher dispatcher = new Dispatcher(apis, inFlight);
    BodyReader bodies = new BodyReader(options);

    Server server = new Server(threads());
    ServerConnector connector = connector(server, options);
    connector.addBean(connections);
    connector.addBean(new NetworkConnectionLimit(options.maxConnections(), connector));
    server.addConnector(connector);
    server.setHandler(
        new JettyHandler(
            dispatcher,
            bodies,
            clients,
            connections,
            new TrustedProxies(options.trustedProxies()),
            telemetry,
            random));
    server.setErrorHandler(new JettyErrors(options, dispatcher, random));

    HttpServer http = new HttpServer(server, connector, clients, inFlight);
    http.bind(options);
    return http;
  }

  private static QueuedThreadPool threads() {
    QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS);
    threads.setName("http");
    threads.setVirtualThreadsExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("request-", 0).factory()));
    return threads;
  }

  private static ServerConnector connector(Server server, HttpOptions options) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(options.maxHeaderBytes());
    // Models' names hold slashes, and clients encode them; no path here is ever a file's.
    http.setUriCompliance(
        UriCompliance.DEFAULT.with(
            "models",
            UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
            UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING,
            UriCompliance.Violation.AMBIGUOUS_EMPTY_SEGMENT,
            // Refused by whoever reads a name from the path, in the shape of the API that the path
            // belongs to; Jetty would hide the path.
            UriCompliance.Violation.BAD_UTF8_ENCODING,
            UriCompliance.Violation.TRUNCATED_UTF8_ENCODING,
            UriCompliance.Violation.BAD_PERCENT_ENCODING,
            UriCompliance.Violation.SUSPICIOUS_PATH_CHARACTERS,
            UriCompliance.Violation.ILLEGAL_PATH_CHARACTERS));
    int selectors = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, MAX_SELECTORS);
    ServerConnector connector =
        new ServerConnector(server, 1, selectors, new HttpConnectionFactory(http));
    connector.setHost(options.host());
    connector.setPort(options.port());
    connector.setIdleTimeout(options.idleTimeout().toMillis());
    connector.setAcceptQueueSize(LISTEN_QUEUE);
    return connector;
  }

  private void bind(HttpOptions options) {
    try {
      connector.open();
      if (connector.getTransport() instanceof ServerSocketChannel listener) {
        UnsentBytes.bound(listener);
      }
      server.start();
      clients.start();
    } catch (IOException e) {
      close();
      if (e instanceof BindException || e.getCause() instanceof BindException) {
        throw new PortInUseException(options.host(), options.port(), e);
      }
      throw new UncheckedIOException(
          "Can't listen on %s port %d: %s"
              .formatted(options.host(), options.port(), e.getMessage()),
          e);
    } catch (Exception e) {
      close();
      throw new IllegalStateException("the HTTP server does not start", e);
    }
  }

  /** The port that it listens on. */
  public int port() {
    return connector.getLocalPort();
  }

  /**
   * Refuses new requests with 503, lets the running ones finish for at most {@code grace}, tells
   * the rest that the server is stopping, and closes. Returns when nothing is left open. Without
   * effect the second time.
   */
  public void stop(Duration grace) {
    if (!stopped.compareAndSet(false, true)) {
      return;
    }
    inFlight.refuse();
    try {
      if (!inFlight.awaitNone(grace)) {
        inFlight.tellStopping();
        if (!inFlight.awaitNone(LAST_WORDS)) {
          LOG.warn("some clients did not take the last words of their answers; closing on them");
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    clients.close();
    try {
      server.stop();
    } catch (Exception e) {
      LOG.warn("the HTTP server did not stop cleanly", e);
    }
  }

  /** {@link #stop} without grace. */
  @Override
  public void close() {
    stop(Duration.ZERO);
  }
}
