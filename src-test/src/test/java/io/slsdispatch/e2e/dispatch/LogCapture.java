package io.slsdispatch.e2e.dispatch;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.layout.PatternLayout;

/** Everything that anybody in this process logs, the details for debugging included, until it is closed. */
final class LogCapture extends AbstractAppender implements AutoCloseable {

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final LoggerContext context = LoggerContext.getContext(false);
    private final LoggerConfig root = context.getConfiguration().getRootLogger();
    private final Level before = root.getLevel();

    /** They would show all the details on the console. */
    private final Map<String, Appender> others = root.getAppenders();

    private LogCapture() {
        super(
                "capture",
                null,
                PatternLayout.newBuilder().withPattern("%p %c %m %throwable").build(),
                false,
                Property.EMPTY_ARRAY);
    }

    static LogCapture begin() {
        LogCapture capture = new LogCapture();
        capture.start();
        capture.others.keySet().forEach(capture.root::removeAppender);
        capture.root.addAppender(capture, Level.DEBUG, null);
        capture.root.setLevel(Level.DEBUG);
        capture.context.updateLoggers();
        return capture;
    }

    @Override
    public void append(LogEvent event) {
        lines.add(String.valueOf(getLayout().toSerializable(event)));
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void close() {
        root.removeAppender(getName());
        others.values().forEach(other -> root.addAppender(other, null, null));
        root.setLevel(before);
        context.updateLoggers();
        stop();
    }
}
