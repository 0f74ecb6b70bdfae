package io.slsdispatch.testing;

import java.util.ArrayList;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;

/** What a logger and those below it log, at WARN and above unless told otherwise, on any thread, as it would be printed. */
public final class CapturedLog extends AbstractAppender implements AutoCloseable {

    private final List<String> lines = new ArrayList<>();
    private final org.apache.logging.log4j.core.Logger logger;

    /** @param name of a logger: a class, or a package with all its classes */
    public CapturedLog(String name) {
        this(name, Level.WARN);
    }

    /** @param level from which on it is captured */
    public CapturedLog(String name, Level level) {
        super("captured " + name, null, null, false, Property.EMPTY_ARRAY);
        start();
        logger = LoggerContext.getContext(false).getLogger(name);
        Configurator.setLevel(logger, level);
        logger.addAppender(this);
        // What is expected would only fill the console.
        logger.setAdditive(false);
    }

    @Override
    public void append(LogEvent event) {
        synchronized (lines) {
            lines.addAll(event.getMessage().getFormattedMessage().lines().toList());
            Throwable thrown = event.getThrown();
            for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
                lines.add(cause.toString());
                for (StackTraceElement frame : cause.getStackTrace()) {
                    lines.add("\tat " + frame);
                }
            }
        }
    }

    /** The lines, those of stack traces included. */
    public List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    @Override
    public void close() {
        logger.removeAppender(this);
        logger.setAdditive(true);
        Configurator.setLevel(logger, (Level) null);
        stop();
    }
}
