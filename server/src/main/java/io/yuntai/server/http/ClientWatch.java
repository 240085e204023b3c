package io.yuntai.server.http;

import io.yuntai.server.http.SocketPoll.Peer;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices clients that leave while they wait for an answer: one thread asks the kernel about all
 * their sockets at each period.
 *
 * <p>A client that has closed only its sending side may still read, and looks like one that has
 * gone until something is written to it: so something meaningless is, once, and a reset tells. On
 * platforms that can't be asked, streams are probed at each second instead.
 */
final class ClientWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClientWatch.class);
  private static final long BLIND_PROBE_NANOS = 1_000_000_000L;

  /** How long a stream is silent before it tells news. */
  private static final long NEWS_NANOS = 1_000_000_000L;

  private static final byte[] NOTHING = {};

  private final Optional<SocketPoll> poll;
  private final long periodNanos;
  private final long keepAliveNanos;
  private final Runnable sweep;
  private final Set<Client> clients = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param sweep further work of each period
   */
  ClientWatch(HttpOptions options, Runnable sweep) {
    this.poll = SocketPoll.open();
    this.periodNanos = options.disconnectPoll().toNanos();
    this.keepAliveNanos =
        poll.isPresent()
            ? options.keepAlive().toNanos()
            : Math.min(BLIND_PROBE_NANOS, options.keepAlive().toNanos());
    this.sweep = sweep;
    this.thread = Thread.ofPlatform().name("client-watch").daemon().unstarted(this::run);
  }

  void start() {
    if (poll.isEmpty()) {
      LOG.warn("clients that leave before their answer begins are noticed late on this platform");
    }
    thread.start();
  }

  /** A client that waits for an answer; closed when the answer is complete. */
  final class Client implements Exchange.Watch {
    private final @Nullable SocketChannel channel;
    private final Exchange exchange;
    private final Exchange.Silence silence;
    private final boolean stream;
    private final Runnable onGone;
    private boolean probed;

    private Client(
        @Nullable SocketChannel channel,
        Exchange exchange,
        boolean stream,
        Exchange.Silence silence,
        Runnable onGone) {
      this.channel = channel;
      this.exchange = exchange;
      this.stream = stream;
      this.silence = silence;
      this.onGone = onGone;
    }

    @Override
    public void close() {
      clients.remove(this);
    }

    private void saw(Peer peer, long nowNanos) {
      if (peer == Peer.GONE) {
        close();
        onGone.run();
        return;
      }
      boolean mustProbe = peer == Peer.HALF_CLOSED && !probed;
      byte[] filler = mustProbe ? silence.keepAlive() : filler(nowNanos);
      if (filler.length > 0) {
        probed = probed || mustProbe;
        // A write may block: never on this thread, which all clients share.
        Thread.ofVirtual().name("client-probe").start(() -> probe(filler));
      }
    }

    /** What a stream that is silent says; empty for nothing. */
    private byte[] filler(long nowNanos) {
      long silentNanos = nowNanos - exchange.lastWriteNanos();
      if (!stream || silentNanos <= Math.min(NEWS_NANOS, keepAliveNanos)) {
        return NOTHING;
      }
      byte[] news = silence.news();
      return news.length == 0 && silentNanos > keepAliveNanos ? silence.keepAlive() : news;
    }

    private void probe(byte[] filler) {
      try {
        exchange.probe(stream, filler);
      } catch (IOException | RuntimeException _) {
        close();
        onGone.run();
      }
    }
  }

  /**
   * Watches a client.
   *
   * @param channel its socket; null where it is not known
   * @param stream whether it waits for a stream, or for a whole body
   * @param silence what means nothing to it, such as a comment in a stream
   * @param onGone runs at most a few times, on any thread; quick
   */
  Client watch(
      @Nullable SocketChannel channel,
      Exchange exchange,
      boolean stream,
      Exchange.Silence silence,
      Runnable onGone) {
    Client client = new Client(channel, exchange, stream, silence, onGone);
    clients.add(client);
    return client;
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }

  private void run() {
    while (!closed) {
      LockSupport.parkNanos(this, periodNanos);
      try {
        look();
        sweep.run();
      } catch (RuntimeException e) {
        LOG.error("watching clients failed", e);
      }
    }
  }

  private void look() {
    List<Client> all = List.copyOf(clients);
    if (all.isEmpty()) {
      return;
    }
    long nowNanos = System.nanoTime();
    List<Client> known = all.stream().filter(c -> poll.isPresent() && c.channel != null).toList();
    if (poll.isPresent() && !known.isEmpty()) {
      SocketChannel[] channels = known.stream().map(c -> c.channel).toArray(SocketChannel[]::new);
      Peer[] peers = poll.get().poll(channels);
      for (int i = 0; i < peers.length; i++) {
        known.get(i).saw(peers[i], nowNanos);
      }
    }
    for (Client client : all) {
      if (poll.isEmpty() || client.channel == null) {
        client.saw(Peer.THERE, nowNanos);
      }
    }
  }
}
