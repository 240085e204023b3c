package io.yuntai.server.plans;

import io.yuntai.ledger.capital.CapitalPlan;
import io.yuntai.ledger.capital.CapitalPlan.Asked;
import io.yuntai.ledger.capital.CapitalPlan.State;
import io.yuntai.ledger.capital.CapitalPlans;
import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.tenancy.RefusedException.Reason;
import io.yuntai.planner.PlannerException;
import io.yuntai.planner.facts.Facts;
import io.yuntai.planner.files.InputDigest;
import io.yuntai.planner.files.PlanFile;
import io.yuntai.planner.files.PlanFileReader;
import io.yuntai.planner.files.SolvedPlan;
import io.yuntai.planner.optimum.Optimum;
import io.yuntai.planner.plan.Effort;
import io.yuntai.planner.plan.Outcome;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.Progress;
import io.yuntai.planner.statements.Statements;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Solves plans one after the other on a thread of its own. What was waiting or being solved when a
 * server ended is solved again when the next one starts: the same inputs and seed give the same
 * plan.
 */
public final class PlanJobs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PlanJobs.class);
  private static final int MOST_SECONDS = 10;
  private static final String FACTS = "plan.toml";

  private final CapitalPlans plans;
  private final Facts facts;
  private final BlockingQueue<Long> waiting = new LinkedBlockingQueue<>(2 * CapitalPlans.MAX_OPEN);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread solver;
  private long changes;
  private long solving = -1;
  private boolean stopAsked;
  private boolean closed;

  private PlanJobs(CapitalPlans plans, Facts facts) {
    this.plans = plans;
    this.facts = facts;
    this.solver = Thread.ofPlatform().daemon().name("plans").unstarted(this::run);
  }

  /** Goes on with what was not at an end. */
  public static PlanJobs start(CapitalPlans plans, Facts facts) {
    PlanJobs jobs = new PlanJobs(plans, facts);
    jobs.waiting.addAll(plans.open());
    jobs.solver.start();
    return jobs;
  }

  /** The plans, at an end or not. */
  public CapitalPlans plans() {
    return plans;
  }

  /**
   * Takes a plan's text, which must be right, and solves it when its turn comes.
   *
   * @throws RefusedException naming line, cell and mend
   */
  public CapitalPlan submit(Actor actor, String text, Asked asked) {
    PlanFile file = read(text);
    effort(asked);
    CapitalPlan plan =
        plans.add(actor, file.inputs().name(), text, InputDigest.of(file.inputs()), asked);
    if (!waiting.offer(plan.id())) {
      throw new RefusedException(Reason.CONFLICT, "", "Too many plans wait: try again later.");
    }
    return plan;
  }

  private PlanFile read(String text) {
    try {
      return PlanFileReader.text(FACTS, text, facts);
    } catch (PlannerException e) {
      throw RefusedException.invalid("text", e.sentence());
    }
  }

  private static Effort effort(Asked asked) {
    try {
      return new Effort(asked.gap(), 1, asked.seconds(), asked.seed());
    } catch (PlannerException e) {
      throw RefusedException.invalid("gap", e.sentence());
    }
  }

  /** Ends the waiting or solving of a plan; where its solving ends with a plan, that is kept. */
  public CapitalPlan stop(long id) {
    CapitalPlan plan = plans.find(id);
    lock.lock();
    try {
      if (solving == id) {
        stopAsked = true;
        solver.interrupt();
        return plan;
      }
    } finally {
      lock.unlock();
    }
    plans.end(id, State.STOPPED, null, null, "It was stopped before its turn came.", null);
    told();
    return plans.find(id);
  }

  /**
   * A plan that was solved, with its statements.
   *
   * @throws RefusedException when it is not at that
   */
  public Solved solved(long id) {
    CapitalPlan kept = plans.find(id);
    String decided =
        kept.decided()
            .orElseThrow(() ->
                new RefusedException(
                    Reason.CONFLICT,
                    "",
                    "Plan %d is %s, not solved.".formatted(id, kept.state().label())));
    PlanFile file = read(kept.input());
    SolvedPlan solved = SolvedPlan.read(decided, "plan " + id);
    Plan plan =
        new Plan(
            file.inputs(),
            solved.status(),
            solved.value(),
            solved.bound(),
            solved.solver(),
            solved.decisions(),
            Statements.of(file.inputs(), solved.decisions()),
            solved.unitCosts(),
            solved.reached(),
            solved.notes());
    return new Solved(file, plan, solved.digest());
  }

  /** A plan, its file and the digest of its inputs. */
  public record Solved(PlanFile file, Plan plan, String digest) {}

  /** How many changes there were so far. */
  public long changes() {
    lock.lock();
    try {
      return changes;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there were more changes, or so long. */
  public void awaitChange(long known, long millis) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(millis);
      while (changes == known && !closed && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private void told() {
    lock.lock();
    try {
      changes++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (!isClosed()) {
      try {
        solve(waiting.take());
      } catch (InterruptedException e) {
        LOG.debug("woken up without a plan");
      } catch (DatabaseException e) {
        LOG.warn("a plan can't be kept: {}", e.getMessage(), e);
      }
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  private boolean begin(long id) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      solving = id;
      stopAsked = false;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Whether its end is an end: a plan that is broken off by the server's own is solved again. */
  private boolean finish() {
    lock.lock();
    try {
      solving = -1;
      Thread.interrupted(); // what came too late to stop anything
      return !closed || stopAsked;
    } finally {
      lock.unlock();
    }
  }

  private void solve(long id) {
    CapitalPlan plan;
    try {
      plan = plans.find(id);
    } catch (RefusedException e) {
      LOG.debug("plan {} was removed", id);
      return;
    }
    if (plan.state().isEnd() || !begin(id)) {
      return;
    }
    plans.progress(id, "reading", null, null);
    told();
    Outcome outcome = outcome(plan);
    boolean asked = wasStopAsked();
    if (finish()) {
      keep(plan, outcome, asked);
      told();
    }
  }

  private boolean wasStopAsked() {
    lock.lock();
    try {
      return stopAsked;
    } finally {
      lock.unlock();
    }
  }

  private Outcome outcome(CapitalPlan plan) {
    try (Optimum optimum = new Optimum()) {
      return optimum.solve(
          read(plan.input()).inputs(), effort(plan.asked()), progress -> progress(plan, progress));
    } catch (PlannerException e) {
      return new Outcome.Unsolved(e.sentence());
    } catch (RefusedException e) {
      return new Outcome.Unsolved(e.sentence());
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.warn("plan {} could not be solved", plan.id(), e);
      return new Outcome.Unsolved(
          "The plan could not be solved; the server's log says why under plan %d."
              .formatted(plan.id()));
    }
  }

  private void progress(CapitalPlan plan, Progress progress) {
    plans.progress(plan.id(), progress.step(), finite(progress.value()), finite(progress.bound()));
    told();
  }

  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? (Double) value : null;
  }

  private void keep(CapitalPlan kept, Outcome outcome, boolean stopped) {
    switch (outcome) {
      case Outcome.Planned(Plan plan) ->
          plans.end(
              kept.id(),
              State.SOLVED,
              plan.value(),
              plan.bound(),
              "",
              SolvedPlan.of(plan, kept.inputSha256()).text());
      case Outcome.Infeasible(var relax, String sentence) -> {
        StringBuilder text = new StringBuilder(sentence);
        relax.forEach(
            one -> text.append(" %s lacks %s %s.".formatted(one.limit(), one.by(), one.unit())));
        plans.end(kept.id(), State.INFEASIBLE, null, null, text.toString(), null);
      }
      case Outcome.Unsolved(String sentence) ->
          plans.end(kept.id(), stopped ? State.STOPPED : State.FAILED, null, null, sentence, null);
    }
  }

  @Override
  public void close() {
    int waited = 0;
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
      solver.interrupt();
    } finally {
      lock.unlock();
    }
    try {
      // The first interruption lets it reckon its best plan to the end, for nobody here.
      while (!solver.join(Duration.ofSeconds(1)) && ++waited < MOST_SECONDS) {
        solver.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
