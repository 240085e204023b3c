package io.yuntai.server;

import io.yuntai.engine.LoadedModel;
import io.yuntai.engine.prefix.KeptPrompts;
import io.yuntai.engine.prefix.PrefixDisk;
import io.yuntai.engine.prefix.PromptKeeper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's folder of long prompts, {@code prefixes} in its home, for all its models. Where it
 * can't be had the server does without: prompts are then computed again after a start.
 */
final class PrefixCache implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PrefixCache.class);

  /** What is free beyond this share is left to others. */
  private static final int SHARE_OF_FREE = 2;

  private final Optional<PrefixDisk> disk;

  private PrefixCache(Optional<PrefixDisk> disk) {
    this.disk = disk;
  }

  /**
   * Opens the folder.
   *
   * @param bytesMax of all files; 0 for none at all
   */
  static PrefixCache open(HomeDirectory home, long bytesMax) {
    if (bytesMax == 0) {
      return new PrefixCache(Optional.empty());
    }
    Path folder = home.path().resolve("prefixes");
    try {
      long free = Files.getFileStore(home.path()).getUsableSpace();
      return new PrefixCache(
          Optional.of(new PrefixDisk(folder, Math.min(bytesMax, free / SHARE_OF_FREE))));
    } catch (IOException e) {
      LOG.warn("prompts are not kept on disk, since {} can't be used", folder, e);
      return new PrefixCache(Optional.empty());
    }
  }

  /** Where prompts to a model are kept. */
  KeptPrompts of(LoadedModel model) {
    return disk.flatMap(folder ->
            model
                .decoder()
                .kvBlocks()
                .<KeptPrompts>map(blocks ->
                    new PromptKeeper(
                        folder,
                        blocks,
                        model.identity(),
                        model.decoder().blockTokens(),
                        PromptKeeper.PROMPT_TOKENS_MIN)))
        .orElse(KeptPrompts.NONE);
  }

  /** What the folder holds and has done; empty where prompts are not kept. */
  Optional<PrefixDisk.Statistics> statistics() {
    return disk.map(PrefixDisk::statistics);
  }

  @Override
  public void close() {
    disk.ifPresent(PrefixDisk::close);
  }
}
