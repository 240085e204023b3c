package io.yuntai.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import java.util.Locale;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Logs to a file and never to the terminal. Logback finds this class as a service, so that nothing
 * is logged before {@link #toFile} says where to.
 */
public final class QuietLogging extends ContextAwareBase implements Configurator {
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX, UTC} %-5level %logger{0} [%thread] %msg%n%ex";
  private static final FileSize FILE_SIZE_MAX = FileSize.valueOf("10MB");
  private static final int OLD_FILES_MAX = 4;

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /**
   * Logs to {@code yuntai.log} in this folder from now on; five files of 10 MB are kept at most.
   *
   * @param level {@code error}, {@code warn}, {@code info} or {@code debug}; anything else is
   *     {@code info}
   * @param format of its lines
   * @return the file
   */
  public static Path toFile(Path folder, String level, LogFormat format) {
    Path file = folder.resolve("yuntai.log");
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();

    EncoderBase<ILoggingEvent> encoder =
        switch (format) {
          case TEXT -> {
            PatternLayoutEncoder lines = new PatternLayoutEncoder();
            lines.setPattern(PATTERN);
            yield lines;
          }
          case JSON -> new JsonLogEncoder();
        };
    encoder.setContext(context);
    encoder.start();

    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setContext(context);
    appender.setFile(file.toString());
    appender.setEncoder(encoder);

    FixedWindowRollingPolicy names = new FixedWindowRollingPolicy();
    names.setContext(context);
    names.setParent(appender);
    names.setFileNamePattern(folder.resolve("yuntai.%i.log").toString());
    names.setMinIndex(1);
    names.setMaxIndex(OLD_FILES_MAX);
    names.start();

    SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
    size.setContext(context);
    size.setMaxFileSize(FILE_SIZE_MAX);
    size.start();

    appender.setRollingPolicy(names);
    appender.setTriggeringPolicy(size);
    appender.start();

    ch.qos.logback.classic.Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(appender);
    root.setLevel(Level.toLevel(level.toUpperCase(Locale.ROOT), Level.INFO));
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    return file;
  }
}
