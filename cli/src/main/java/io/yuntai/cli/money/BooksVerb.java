package io.yuntai.cli.money;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command on the books of this machine's database. */
abstract class BooksVerb implements Callable<Integer> {
  final CliContext context;

  @Mixin final HomeOption home = new HomeOption();

  BooksVerb(CliContext context) {
    this.context = context;
  }

  @Override
  public final Integer call() {
    return LocalBooks.with(context, home.directory(context.environment()), this::run).number();
  }

  abstract ExitCode run(LocalBooks books);
}
