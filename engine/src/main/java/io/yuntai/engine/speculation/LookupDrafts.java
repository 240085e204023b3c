package io.yuntai.engine.speculation;

/**
 * Follows one sequence and points at the place in it that its end repeats: the longest match of 2
 * to 16 tokens, of equally long ones the latest, but rather one just after the place that was
 * copied last. That last rule is for edited text: behind an inserted or replaced word the copy goes
 * on where it was, though the few tokens matched there stand in many places.
 *
 * <p>Every token that comes is compared with what was pointed at, drafted or not, so the chances of
 * each match length are known without paying for a trial.
 */
final class LookupDrafts implements Drafts {
  private static final int NONE = -1;
  private static final int LONGEST = 16;

  /** From here on a match is followed without looking for a better one. */
  private static final int CERTAIN = 8;

  /** How far behind the last copied token a copy is taken to go on. */
  private static final int RESUME_WINDOW = 32;

  /** What going on there is worth, in tokens matched. */
  private static final int RESUME_BONUS = 4;

  private final TokenSequence sequence;
  private final NgramIndex index;
  private final MatchChances chances = new MatchChances();
  private int seen;
  private int source = NONE;
  private int matched;
  private int copied = NONE;
  private int copiedAt;

  LookupDrafts(TokenSequence sequence, int maxLength) {
    this.sequence = sequence;
    this.index = new NgramIndex(maxLength);
  }

  @Override
  public int prepare() {
    int length = sequence.length();
    boolean first = seen == 0;
    while (seen < length) {
      boolean last = seen == length - 1;
      take(seen++, !first || last);
    }
    return source == NONE ? 0 : Integer.MAX_VALUE;
  }

  @Override
  public double chance(int index) {
    return chances.of(matched + index);
  }

  @Override
  public double costNanos(int tokens) {
    return 0;
  }

  @Override
  public int propose(int[] into, int most) {
    int length = sequence.length();
    for (int i = 0; i < most; i++) {
      int from = source + i;
      into[i] = from < length ? sequence.token(from) : into[from - length];
    }
    return most;
  }

  @Override
  public void verified(int proposed, int accepted) {}

  @Override
  public void close() {}

  private void take(int position, boolean search) {
    int token = sequence.token(position);
    if (source != NONE) {
      boolean right = sequence.token(source) == token;
      chances.record(matched, right);
      if (right) {
        source++;
        matched++;
      } else {
        lose(position);
      }
    }
    if (position > 0) {
      if (search && (source == NONE || matched < CERTAIN)) {
        search(position);
      }
      index.add(sequence.token(position - 1), token, position);
    }
  }

  private void lose(int position) {
    if (matched >= RESUME_BONUS || resumes(source)) {
      copied = source;
      copiedAt = position;
    }
    source = NONE;
    matched = 0;
  }

  private boolean resumes(int place) {
    return copied != NONE && place >= copied && place <= copied + RESUME_WINDOW;
  }

  private void search(int end) {
    if (copied != NONE && end - copiedAt > RESUME_WINDOW) {
      copied = NONE;
    }
    int bestScore = source == NONE ? 0 : score(source, matched);
    int candidate = index.latest(sequence.token(end - 1), sequence.token(end));
    for (int i = 0; i < NgramIndex.MAX_CANDIDATES && candidate >= 0; i++) {
      int length = matchBehind(candidate, end);
      int score = score(candidate + 1, length);
      if (length >= 2 && score > bestScore) {
        bestScore = score;
        source = candidate + 1;
        matched = length;
      }
      candidate = index.before(candidate);
    }
    if (source == NONE && copied != NONE) {
      resumeAtOneToken(end);
    }
  }

  private int score(int place, int length) {
    return Math.min(length, LONGEST) + (resumes(place) ? RESUME_BONUS : 0);
  }

  private void resumeAtOneToken(int end) {
    int token = sequence.token(end);
    int beyond = Math.min(end, copied + RESUME_WINDOW);
    for (int place = copied; place < beyond; place++) {
      if (sequence.token(place) == token) {
        source = place + 1;
        matched = 1;
        return;
      }
    }
  }

  /** How many tokens up to a place are those up to the sequence's end. */
  private int matchBehind(int place, int end) {
    int length = 0;
    while (length < LONGEST
        && length <= place
        && sequence.token(place - length) == sequence.token(end - length)) {
      length++;
    }
    return length;
  }
}
