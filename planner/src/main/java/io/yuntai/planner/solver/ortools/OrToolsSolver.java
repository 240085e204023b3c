package io.yuntai.planner.solver.ortools;

import io.yuntai.planner.program.LinearProgram;
import io.yuntai.planner.solver.Limits;
import io.yuntai.planner.solver.Solution;
import io.yuntai.planner.solver.Solver;
import io.yuntai.planner.solver.SolverFailure;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * OR-Tools behind a guard: a process that is started when first needed, asked one program after the
 * other, and ended when it does not answer in time. After a failure the next program gets a new
 * process.
 */
public final class OrToolsSolver implements Solver, AutoCloseable {
  private static final String VERSION = "9.15";

  /** How much longer than its limit a program may take: SCIP looks at its clock seldom. */
  private static final double GRACE_SECONDS = 20;

  private final List<String> javaOptions;
  private @Nullable NativeLibrary library;
  private @Nullable Process process;
  private boolean closed;

  /** With a heap for the process that holds programs of some hundred thousand columns. */
  public OrToolsSolver() {
    this(List.of("-Xmx768m", "-Xss4m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
  }

  OrToolsSolver(List<String> javaOptions) {
    this.javaOptions = javaOptions;
  }

  /** Whether it came with the product for this machine. */
  public static boolean isThere() {
    return NativeLibrary.isThere();
  }

  @Override
  public String name() {
    return "OR-Tools " + VERSION + " (GLOP, SCIP)";
  }

  @Override
  public synchronized Solution solve(LinearProgram program, Limits limits) {
    Process running = start();
    CompletableFuture<Wire.Reply> answer = new CompletableFuture<>();
    Thread.ofVirtual().name("planner-ortools").start(() -> talk(running, program, limits, answer));
    try {
      double seconds = limits.secondsGuard() + GRACE_SECONDS;
      Wire.Reply reply = answer.get((long) (seconds * 1000), TimeUnit.MILLISECONDS);
      return checked(reply);
    } catch (TimeoutException _) {
      end();
      throw new SolverFailure(
          "OR-Tools did not answer within %.0f seconds and was ended."
              .formatted(limits.secondsGuard() + GRACE_SECONDS));
    } catch (ExecutionException e) {
      throw failed(running, e);
    } catch (InterruptedException _) {
      end();
      Thread.currentThread().interrupt();
      throw new SolverFailure("Planning was stopped.");
    }
  }

  /** Starts the process, if it can be started: who solves is told why not. */
  public synchronized void prepare() {
    try {
      if (!closed) {
        start();
      }
    } catch (SolverFailure _) {
      // The first program will say so.
    }
  }

  private static void talk(
      Process running, LinearProgram program, Limits limits, CompletableFuture<Wire.Reply> answer) {
    try {
      Wire.send(
          new DataOutputStream(new BufferedOutputStream(running.getOutputStream(), 1 << 16)),
          program,
          limits);
      answer.complete(
          Wire.await(
              new DataInputStream(new BufferedInputStream(running.getInputStream(), 1 << 16))));
    } catch (IOException | RuntimeException e) {
      answer.completeExceptionally(e);
    }
  }

  /** Only what is proven, or at least feasible with a bound, may pass. */
  private static Solution checked(Wire.Reply reply) {
    Solution solution = reply.solution();
    if (solution.hasPoint()
        && !(Double.isFinite(solution.cost()) && solution.bound() <= Double.MAX_VALUE)) {
      throw new SolverFailure(
          "OR-Tools gave a point without a cost (%s); it is not used.".formatted(reply.detail()));
    }
    return solution;
  }

  private SolverFailure failed(Process running, ExecutionException e) {
    String how;
    try {
      how =
          running.waitFor(5, TimeUnit.SECONDS)
              ? "its process ended with %d".formatted(running.exitValue())
              : "its answer could not be read: %s".formatted(e.getCause());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      how = "planning was stopped";
    }
    end();
    return new SolverFailure(
        "OR-Tools broke off (%s); it may have been short of memory, or been ended by somebody."
            .formatted(how));
  }

  private Process start() {
    Process running = process;
    if (running != null && running.isAlive()) {
      return running;
    }
    NativeLibrary unpacked = library == null ? NativeLibrary.unpack() : library;
    library = unpacked;
    List<String> command = new java.util.ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(javaOptions);
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(OrToolsWorker.class.getName());
    command.add(unpacked.main().toString());
    try {
      Process started =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      process = started;
      return started;
    } catch (IOException e) {
      throw new SolverFailure(
          "OR-Tools' process could not be started: %s.".formatted(e.getMessage()));
    }
  }

  /** The process, for who wants to see what its end does; null before the first program. */
  @Nullable ProcessHandle handle() {
    Process running = process;
    return running == null ? null : running.toHandle();
  }

  private void end() {
    Process running = process;
    process = null;
    if (running != null) {
      running.destroyForcibly();
    }
  }

  /** Ends the process and removes what was unpacked. */
  @Override
  public synchronized void close() {
    closed = true;
    end();
    NativeLibrary unpacked = library;
    library = null;
    if (unpacked != null) {
      unpacked.close();
    }
  }
}
