package io.slsdispatch.connector.sink;

import static io.slsdispatch.connector.sink.WriterRig.config;
import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.client.ErrorKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.Test;

/** A checkpoint that waits for a target must not do so in silence. */
class LongFlushTest {

    /** What the writer logs; on the thread of the test. */
    private static final class Warnings extends AbstractAppender implements AutoCloseable {

        private final List<String> lines = new ArrayList<>();
        private final org.apache.logging.log4j.core.Logger logger =
                LoggerContext.getContext(false).getLogger(SlsSinkWriter.class.getName());

        Warnings() {
            super("long flush", null, null, false, Property.EMPTY_ARRAY);
            start();
            Configurator.setLevel(logger, Level.WARN);
            logger.addAppender(this);
            // What is expected would only fill the console.
            logger.setAdditive(false);
        }

        @Override
        public void append(LogEvent event) {
            lines.add(event.getMessage().getFormattedMessage());
        }

        List<String> ofCheckpoints() {
            return lines.stream()
                    .filter(line -> line.contains("a checkpoint has been waiting"))
                    .toList();
        }

        @Override
        public void close() {
            logger.removeAppender(this);
            logger.setAdditive(true);
            Configurator.setLevel(logger, (Level) null);
            stop();
        }
    }

    @Test
    void isToldOfEachTimeThatItHasLastedTwiceAsLong() throws Exception {
        try (Warnings warnings = new Warnings()) {
            WriterRig rig = new WriterRig(config().build());
            Duration up = rig.now().plusSeconds(55);
            rig.target.answeringAtOnce(request -> rig.now().compareTo(up) < 0 ? ErrorKind.UNAVAILABLE : null);
            rig.write();

            rig.flush();

            assertThat(warnings.ofCheckpoints()).hasSize(3).allSatisfy(line -> assertThat(line)
                    .contains("'nginx'", "1 groups (100 bytes) remain", "1 requests are pending"));
        }
    }

    @Test
    void isNotToldOfAfterItsEnd() throws Exception {
        try (Warnings warnings = new Warnings()) {
            WriterRig rig = new WriterRig(config().build());
            rig.target.acceptingAll();
            rig.write();
            rig.flush();
            rig.target.answeringAtOnce(request -> ErrorKind.UNAVAILABLE);
            rig.write();

            rig.advance(Duration.ofSeconds(100));

            assertThat(warnings.ofCheckpoints()).isEmpty();
        }
    }
}
