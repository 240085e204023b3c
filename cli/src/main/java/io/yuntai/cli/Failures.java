package io.yuntai.cli;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.engine.EngineBusyException;
import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.NotEnoughMemoryException;
import io.yuntai.engine.PromptTooLongException;
import io.yuntai.engine.template.TemplateException;
import io.yuntai.ledger.backup.BackupException;
import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.models.catalog.InvalidReferenceException;
import io.yuntai.models.pull.PullException;
import io.yuntai.models.store.StoreException;
import io.yuntai.server.StartException;
import java.io.IOException;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * What went wrong while a command ran, as one sentence and an exit code; a stack trace only for
 * {@code YUNTAI_DEBUG}.
 */
final class Failures implements IExecutionExceptionHandler {
  private final CliContext context;

  Failures(CliContext context) {
    this.context = context;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult arguments) {
    if (!(e instanceof InterruptedException)) {
      context.screen().note(context.screen().noteStyle().problem("yuntai:") + " " + sentence(e));
    }
    if (!context.environment().getOrDefault("YUNTAI_DEBUG", "").isEmpty()) {
      e.printStackTrace(context.screen().err());
    }
    return exitCode(e).number();
  }

  private static String sentence(Exception e) {
    String message = e.getMessage();
    return switch (e) {
      case IOException io -> "reading or writing failed: " + io;
      case UncheckedIOException io -> "reading or writing failed: " + io.getCause();
      case RuntimeException unforeseen when !isForeseen(unforeseen) ->
          "this should not have happened: " + e + " (YUNTAI_DEBUG=1 shows where)";
      default -> message == null ? e.toString() : message;
    };
  }

  private static boolean isForeseen(RuntimeException e) {
    return switch (e) {
      case CommandException _,
          BackupException _,
          ModelFormatException _,
          NotEnoughMemoryException _,
          PromptTooLongException _,
          TemplateException _,
          DatabaseException _,
          InvalidReferenceException _,
          PullException _,
          RefusedException _,
          StoreException _,
          StartException _ ->
          true;
      default -> false;
    };
  }

  private static ExitCode exitCode(Exception e) {
    return switch (e) {
      case CommandException command -> command.exitCode();
      case InvalidReferenceException _ -> ExitCode.USAGE;
      case RefusedException refusal -> exitCode(refusal.reason());
      case NotEnoughMemoryException _, EngineBusyException _ -> ExitCode.NO_CAPACITY;
      case InterruptedException _ -> ExitCode.INTERRUPTED;
      default -> ExitCode.FAILED;
    };
  }

  private static ExitCode exitCode(RefusedException.Reason reason) {
    return switch (reason) {
      case NOT_FOUND -> ExitCode.NOT_FOUND;
      case INVALID -> ExitCode.USAGE;
      case NOT_ALLOWED -> ExitCode.NOT_ALLOWED;
      case EXISTS, CHANGED, CONFLICT -> ExitCode.FAILED;
    };
  }
}
