package io.yuntai.engine.speculation;

/**
 * Both ways to draft: prompt look-up where the sequence repeats itself with some likelihood, for
 * that costs nothing; the draft model everywhere else.
 */
public final class LookupThenModel implements Drafter {
  private final PromptLookup lookup = new PromptLookup();
  private final DraftModel model;

  /**
   * @param model owned from here on
   */
  public LookupThenModel(DraftModel model) {
    this.model = model;
  }

  @Override
  public Drafts begin(TokenSequence sequence, int maxLength) {
    return new Either(lookup.begin(sequence, maxLength), model.begin(sequence, maxLength));
  }

  @Override
  public void close() {
    model.close();
  }

  private static final class Either implements Drafts {
    /** A look-up that is right less often than this leaves the turn to the model. */
    private static final double LEAST_CHANCE = 0.7;

    private final Drafts lookup;
    private final Drafts model;
    private Drafts chosen;

    Either(Drafts lookup, Drafts model) {
      this.lookup = lookup;
      this.model = model;
      this.chosen = lookup;
    }

    @Override
    public int prepare() {
      int found = lookup.prepare();
      if (found > 0 && lookup.chance(0) >= LEAST_CHANCE) {
        chosen = lookup;
        return found;
      }
      chosen = model;
      return model.prepare();
    }

    @Override
    public double chance(int index) {
      return chosen.chance(index);
    }

    @Override
    public double costNanos(int tokens) {
      return chosen.costNanos(tokens);
    }

    @Override
    public int propose(int[] into, int most) {
      return chosen.propose(into, most);
    }

    @Override
    public void verified(int proposed, int accepted) {
      chosen.verified(proposed, accepted);
    }

    @Override
    public void close() {
      lookup.close();
      model.close();
    }
  }
}
