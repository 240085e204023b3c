package io.yuntai.ledger.journal;

import io.yuntai.ledger.bank.EngineReceipt;
import io.yuntai.ledger.bank.UsageRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What requests used, and what engines did for them, on disk. Safe for use by many threads. Those
 * who append wait for the disk only where a segment ends: whoever forces or makes room does so
 * beside them.
 *
 * <p>A request's record may be appended again as it goes on; the last one counts. It is kept until
 * {@link #settled} says that the bank has it.
 */
public final class Journal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
  private final Disk disk;
  private final JournalSettings settings;

  /** Held in memory only, and while a record is handed to the system. */
  private final ReentrantLock lock = new ReentrantLock();

  /** Held by whoever waits for the disk; taken before {@link #lock}. */
  private final ReentrantLock forcing = new ReentrantLock();

  private final ByteBuffer buffer = ByteBuffer.allocate(Frames.FRAME_BYTES + EntryCodec.MAX_BYTES);

  /** The oldest first; the last one is written. */
  private final Deque<Segment> segments = new ArrayDeque<>();

  /** Those that are full and have not been closed since. */
  private final List<Segment> full = new ArrayList<>();

  private final Map<Entry.Key, Live> live = new HashMap<>();
  private @Nullable Segment next;
  private long lastNumber;
  private long appended;
  private volatile long durable;
  private volatile boolean degraded;
  private volatile boolean broken;

  /** A witness's last entry of a request, and where it lies. */
  private record Live(Entry entry, Segment segment) {}

  private Journal(Disk disk, JournalSettings settings) {
    this.disk = disk;
    this.settings = settings;
  }

  /**
   * Opens a journal and reads what an earlier process left.
   *
   * @throws JournalException when it can't be read or written
   */
  public static Journal open(Disk disk, JournalSettings settings) {
    Journal journal = new Journal(disk, settings);
    try {
      journal.recover();
      journal.begin(journal.create());
      journal.next = journal.create();
      return journal;
    } catch (IOException e) {
      throw new JournalException("The journal can't be opened: " + e.getMessage(), e);
    }
  }

  private void recover() throws IOException {
    List<Long> numbers =
        new ArrayList<>(disk.list().stream().filter(Segment::isName).map(Segment::number).toList());
    numbers.sort(null);
    for (long number : numbers) {
      Segment segment = new Segment(number, null);
      Frames.End end =
          Frames.read(disk.read(segment.name()), number, entry -> note(entry, segment));
      lastNumber = number;
      switch (end) {
        case WHOLE -> {}
        case TORN ->
            LOG.warn(
                "{} ends in a record that was not written to its end; what was before it counts",
                segment.name());
        case HEADLESS -> LOG.debug("{} was never used", segment.name());
      }
      segments.add(segment);
    }
    if (!live.isEmpty()) {
      LOG.info("{} entries of an earlier run are to be settled", live.size());
    }
    discardSettled();
  }

  /** Last records of requests that an earlier process left; they count until they are settled. */
  public List<UsageRecord> unsettled() {
    return live(Entry.Usage.class).stream().map(Entry.Usage::record).toList();
  }

  /** Receipts that an earlier process left; they count until they are {@link #kept}. */
  public List<EngineReceipt> unkept() {
    return live(Entry.Receipt.class).stream().map(Entry.Receipt::receipt).toList();
  }

  private <E extends Entry> List<E> live(Class<E> kind) {
    lock.lock();
    try {
      var entries = live.values().stream().map(Live::entry);
      return entries.filter(kind::isInstance).map(kind::cast).toList();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Writes down what an engine did for a request.
   *
   * @return as {@link #append(UsageRecord, boolean)}
   * @throws JournalException when it can't be written
   */
  public long append(EngineReceipt receipt) {
    return append(new Entry.Receipt(receipt), true);
  }

  /**
   * Writes down what a request has used.
   *
   * @param last whether it has ended; what is still under way is passed over while the disk is full
   * @return the record's place: it survives the machine once {@link #durable} has reached it
   * @throws JournalException when it can't be written
   */
  public long append(UsageRecord record, boolean last) {
    return append(new Entry.Usage(record), last);
  }

  private long append(Entry entry, boolean last) {
    lock.lock();
    try {
      if (broken) {
        throw new JournalException(
            "The journal could not be written; the server must be restarted.");
      }
      if (!last && (degraded || tight())) {
        return appended;
      }
      write(entry);
      return ++appended;
    } catch (IOException e) {
      broken = true;
      throw new JournalException("The journal could not be written: " + e.getMessage(), e);
    } finally {
      lock.unlock();
    }
  }

  /** What is left is for records of requests that end. */
  private boolean tight() {
    return next == null && segments.getLast().position > settings.segmentBytes() / 2;
  }

  private void write(Entry entry) throws IOException {
    Segment segment = segments.getLast();
    encode(entry, segment);
    if (buffer.position() > settings.segmentBytes() - segment.position) {
      segment = successor();
      encode(entry, segment);
    }
    segment.appender().write(buffer.array(), buffer.position());
    segment.position += buffer.position();
    note(entry, segment);
  }

  private void encode(Entry entry, Segment segment) {
    Frames.record(entry, segment.number, segment.position, buffer.clear());
  }

  private void note(Entry entry, Segment segment) {
    Live before = live.put(entry.key(), new Live(entry, segment));
    if (before != null) {
      before.segment().live--;
    }
    segment.live++;
  }

  /**
   * The present segment is full, and the next one begins. What is in the full one is forced before:
   * of what a machine that loses power has kept, a record is never without those before it.
   */
  private Segment successor() throws IOException {
    if (next == null) {
      throw new IOException("the disk is full or the journal has as much as it may hold");
    }
    segments.getLast().appender().force();
    full.add(segments.getLast());
    Segment begun = begin(next);
    next = null;
    return begun;
  }

  private Segment begin(Segment segment) throws IOException {
    buffer.clear();
    Frames.head(segment.number, buffer);
    segment.appender().write(buffer.array(), buffer.position());
    segment.position = Frames.HEAD_BYTES;
    segments.add(segment);
    return segment;
  }

  private Segment create() throws IOException {
    long number = ++lastNumber;
    return new Segment(number, disk.create(Segment.name(number), settings.segmentBytes()));
  }

  /** How far records survive the machine. */
  public long durable() {
    return durable;
  }

  /** How many records there are. */
  public long appended() {
    lock.lock();
    try {
      return appended;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Makes everything written so far survive the machine.
   *
   * @throws JournalException when the disk says no; what it has is unknown from then on, so nothing
   *     more is written
   */
  public void force() {
    forcing.lock();
    try {
      forceAlone();
    } finally {
      forcing.unlock();
    }
  }

  private void forceAlone() {
    List<Segment> ended;
    Segment last;
    long upTo;
    lock.lock();
    try {
      if (appended == durable) {
        return;
      }
      ended = List.copyOf(full);
      last = segments.getLast();
      upTo = appended;
    } finally {
      lock.unlock();
    }
    try {
      for (Segment segment : ended) {
        segment.appender().force();
        segment.appender().close();
      }
      last.appender().force();
    } catch (IOException e) {
      broken = true;
      throw new JournalException("The journal could not be forced to disk: " + e.getMessage(), e);
    }
    lock.lock();
    try {
      full.removeAll(ended);
      durable = upTo;
    } finally {
      lock.unlock();
    }
  }

  /** The bank has these requests: they need not be kept. */
  public void settled(List<UUID> requestIds) {
    forget(requestIds.stream().map(id -> new Entry.Key(id, Entry.Key.GATEWAY)).toList());
  }

  /** The bank has these receipts: they need not be kept here. */
  public void kept(List<EngineReceipt> receipts) {
    forget(receipts.stream().map(receipt -> new Entry.Receipt(receipt).key()).toList());
  }

  private void forget(List<Entry.Key> keys) {
    lock.lock();
    try {
      for (Entry.Key key : keys) {
        Live entry = live.remove(key);
        if (entry != null) {
          entry.segment().live--;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether there is something to be done by {@link #keepRoom}. */
  public boolean wantsRoom() {
    lock.lock();
    try {
      return !broken && (next == null || segments.size() > 2 || settledSegments() > 0);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Makes room: gets the next segment ready and removes those that are settled. Called now and then
   * by one thread; while there is no room, {@link #takesRequests} says no.
   *
   * @throws JournalException as {@link #force}
   */
  public void keepRoom() {
    try {
      discard();
      if (wantsSegment()) {
        ready(create()); // written over while others append
      }
    } catch (IOException e) {
      if (!degraded) {
        LOG.warn("the journal has no room for a further segment: {}", e.getMessage());
      }
      degraded = true;
    }
  }

  /** Whether a further segment is wanted and allowed. */
  private boolean wantsSegment() {
    lock.lock();
    try {
      if (broken) {
        return false;
      }
      boolean wanted = next == null;
      boolean allowed = segments.size() < settings.maxSegments();
      if (wanted && !allowed && !degraded) {
        LOG.warn("the journal has as many segments as it may: {}", segments.size());
      }
      degraded = wanted && !allowed;
      return wanted && allowed;
    } finally {
      lock.unlock();
    }
  }

  private void ready(Segment segment) {
    lock.lock();
    try {
      next = segment;
      degraded = false;
    } finally {
      lock.unlock();
    }
  }

  /** Whether new requests may begin: there is room for what they will have used. */
  public boolean takesRequests() {
    return !degraded && !broken;
  }

  /** Whether nothing can be written any more. */
  public boolean isBroken() {
    return broken;
  }

  /**
   * A request that goes on for long must not keep the oldest segment: its record is written anew.
   */
  private void carry() throws IOException {
    Segment oldest = segments.getFirst();
    if (segments.size() < 3 || oldest.live == 0 || oldest.live > 256 || next == null) {
      return;
    }
    List<Entry> old =
        live.values().stream().filter(entry -> entry.segment() == oldest).map(Live::entry).toList();
    for (Entry entry : old) {
      if (next != null) {
        write(entry);
        appended++;
      }
    }
  }

  /**
   * Removes what is settled, the oldest first: a newer record must not go before an older one of
   * the same request. What came in the place of a record that goes is forced before it goes.
   */
  private void discard() throws IOException {
    int count;
    lock.lock();
    try {
      if (broken) {
        return;
      }
      carry();
      count = settledSegments();
    } finally {
      lock.unlock();
    }
    if (count == 0) {
      return;
    }
    force();
    List<Segment> gone = new ArrayList<>();
    lock.lock();
    try {
      if (broken) {
        return; // or closed
      }
      // Nothing is written into these any more, so what was settled still is.
      for (int i = 0; i < count; i++) {
        gone.add(segments.removeFirst());
      }
    } finally {
      lock.unlock();
    }
    for (Segment segment : gone) {
      disk.delete(segment.name());
    }
  }

  /** How many of the oldest segments hold nothing that is not settled; never all of them. */
  private int settledSegments() {
    int count = 0;
    for (Segment segment : segments) {
      if (segment.live > 0) {
        return count;
      }
      count++;
    }
    return Math.max(0, count - 1);
  }

  /** How many segments there are. */
  public int segments() {
    lock.lock();
    try {
      return segments.size();
    } finally {
      lock.unlock();
    }
  }

  /** How many requests are not settled, and receipts not kept by the bank. */
  public int size() {
    lock.lock();
    try {
      return live.size();
    } finally {
      lock.unlock();
    }
  }

  /** Forces and closes it; the next one to open it finds what is not settled. */
  @Override
  public void close() {
    forcing.lock();
    lock.lock();
    try (disk) {
      full.add(segments.getLast());
      for (Segment segment : full) {
        if (!broken) {
          segment.appender().force();
        }
        segment.appender().close();
      }
      full.clear();
      durable = broken ? durable : appended;
      if (next != null) {
        next.appender().close();
        disk.delete(next.name());
        next = null;
      }
      broken = true;
      discardSettled();
    } catch (IOException e) {
      throw new JournalException("The journal can't be closed: " + e.getMessage(), e);
    } finally {
      lock.unlock();
      forcing.unlock();
    }
  }

  private void discardSettled() throws IOException {
    while (!segments.isEmpty() && segments.getFirst().live == 0) {
      disk.delete(segments.removeFirst().name());
    }
  }
}
