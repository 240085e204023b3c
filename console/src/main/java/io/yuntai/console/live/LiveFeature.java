package io.yuntai.console.live;

import io.yuntai.console.Feature;
import io.yuntai.console.page.Page;
import java.util.List;

/** What live pages share: their script and their streams' end. */
public final class LiveFeature implements Feature {
  private final LiveStreams streams;

  /** Of these streams. */
  public LiveFeature(LiveStreams streams) {
    this.streams = streams;
  }

  @Override
  public List<Page> pages() {
    return List.of();
  }

  @Override
  public List<String> assets() {
    return List.of("live.js", "work.css");
  }

  @Override
  public void close() {
    streams.close();
  }
}
