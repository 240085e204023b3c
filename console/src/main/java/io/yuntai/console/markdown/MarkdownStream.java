package io.yuntai.console.markdown;

import java.util.ArrayList;
import java.util.List;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Node;

/**
 * A Markdown text that grows, as patches of its blocks. Blocks that can't change any more are
 * rendered once; only the last ones are rendered again. Once {@link #finish} was called, the blocks
 * are those that {@link Markdown#blocks} makes of the whole text. For one thread.
 */
public final class MarkdownStream {
  private final Markdown markdown;
  private final StringBuilder all = new StringBuilder();

  /** Where the text begins whose blocks may still change. */
  private int tail;

  /** How many blocks lie before {@link #tail}. */
  private int done;

  /** What readers of all patches have. */
  private final List<String> shown = new ArrayList<>();

  /** The code that readers have of the last block, where it goes on. */
  private String openCode = "";

  private boolean codeIsOpen;
  private int lastPatchChars;

  /** Nothing yet. */
  public MarkdownStream(Markdown markdown) {
    this.markdown = markdown;
  }

  /** A change of what a reader has. */
  public sealed interface Patch {
    /**
     * A block is this from now on; one more than there are is a new one.
     *
     * @param block its index
     * @param html the inside
     */
    record Set(int block, String html) implements Patch {}

    /**
     * The code of a block goes on.
     *
     * @param block its index
     * @param code a text
     */
    record Code(int block, String code) implements Patch {}

    /**
     * So many blocks are left.
     *
     * @param blocks fewer than there were
     */
    record Keep(int blocks) implements Patch {}
  }

  /** Takes more of the text; nothing is rendered yet. */
  public void add(String text) {
    all.append(text);
  }

  /** All of the text. */
  public String text() {
    return all.toString();
  }

  /** How long it is. */
  public int length() {
    return all.length();
  }

  /** How many characters the last patches had, so that long ones can be made less often. */
  public int lastPatchChars() {
    return lastPatchChars;
  }

  /** The changes since the last call. */
  public List<Patch> patches() {
    List<Patch> patches = new ArrayList<>();
    if (all.length() > Markdown.MAX_CHARS) {
      return patches;
    }
    settle(patches);
    String rest = all.substring(tail);
    int at = done;
    List<Node> blocks = markdown.parse(rest);
    for (int i = 0; i < blocks.size(); i++) {
      if (i == blocks.size() - 1
          && blocks.get(i) instanceof FencedCodeBlock code
          && code.getClosingFenceLength() == null) {
        growCode(at, code, patches);
      } else {
        show(at, markdown.html(blocks.get(i)), patches);
      }
      at++;
    }
    keep(at, patches);
    count(patches);
    return patches;
  }

  /** Blocks before the last that lines which are complete began do not change any more. */
  private void settle(List<Patch> patches) {
    int end = all.lastIndexOf("\n") + 1;
    if (end <= tail) {
      return;
    }
    List<Node> blocks = markdown.parse(all.substring(tail, end));
    if (blocks.size() < 2) {
      return;
    }
    for (Node block : blocks.subList(0, blocks.size() - 1)) {
      show(done, markdown.html(block), patches);
      done++;
    }
    tail += blocks.getLast().getSourceSpans().getFirst().getInputIndex();
    codeIsOpen = false;
  }

  private void growCode(int at, FencedCodeBlock block, List<Patch> patches) {
    String code = withoutHalfFence(block);
    if (codeIsOpen && at == shown.size() - 1 && code.startsWith(openCode)) {
      if (code.length() > openCode.length()) {
        patches.add(new Patch.Code(at, code.substring(openCode.length())));
      }
    } else {
      show(at, markdown.openCode(String.valueOf(block.getInfo()), code), patches);
    }
    codeIsOpen = true;
    openCode = code;
    // What readers have is none of the renderer's outputs any more.
    shown.set(at, "");
  }

  /** The last line may be the beginning of the fence that ends the block. */
  private static String withoutHalfFence(FencedCodeBlock block) {
    String code = block.getLiteral().stripTrailing();
    int line = code.lastIndexOf('\n') + 1;
    String last = code.substring(line).strip();
    String fence = String.valueOf(block.getFenceCharacter());
    boolean half = !last.isEmpty() && last.replace(fence, "").isEmpty();
    return half ? code.substring(0, line).stripTrailing() : code;
  }

  private void show(int at, String html, List<Patch> patches) {
    if (at < shown.size()) {
      if (!shown.get(at).equals(html)) {
        shown.set(at, html);
        patches.add(new Patch.Set(at, html));
      }
    } else {
      shown.add(html);
      patches.add(new Patch.Set(at, html));
    }
    if (at == shown.size() - 1) {
      codeIsOpen = false;
    }
  }

  private void keep(int blocks, List<Patch> patches) {
    if (shown.size() > blocks) {
      shown.subList(blocks, shown.size()).clear();
      patches.add(new Patch.Keep(blocks));
    }
  }

  /** The text is complete: whatever differs from the whole text's blocks. */
  public List<Patch> finish() {
    List<Patch> patches = new ArrayList<>();
    List<String> blocks = markdown.blocks(all.toString());
    for (int i = 0; i < blocks.size(); i++) {
      show(i, blocks.get(i), patches);
    }
    keep(blocks.size(), patches);
    count(patches);
    return patches;
  }

  private void count(List<Patch> patches) {
    lastPatchChars = 0;
    for (Patch patch : patches) {
      lastPatchChars +=
          switch (patch) {
            case Patch.Set(_, String html) -> html.length();
            case Patch.Code(_, String code) -> code.length();
            case Patch.Keep _ -> 0;
          };
    }
  }
}
