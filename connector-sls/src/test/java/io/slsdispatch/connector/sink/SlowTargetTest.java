package io.slsdispatch.connector.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.config.SinkConfig.Delivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenario E11: what is under way to a slow target is taken well within the time of a checkpoint. */
class SlowTargetTest {

    private static final Duration CHECKPOINT_TIMEOUT = Duration.ofSeconds(60);
    private static final int GROUP = 5_000;

    @ParameterizedTest
    @ValueSource(ints = {20_000, 50_000, 500_000, 5_000_000})
    void everyCheckpointPassesWithinHalfOfItsTime(int bytesPerSecond) throws Exception {
        SlowRig slow = new SlowRig(bytesPerSecond);
        List<Duration> flushes = new ArrayList<>();
        for (int checkpoint = 0; checkpoint < 6; checkpoint++) {
            slow.write(400);
            flushes.add(slow.flush());
        }

        assertThat(flushes).allSatisfy(flush -> assertThat(flush).isLessThanOrEqualTo(CHECKPOINT_TIMEOUT.dividedBy(2)));
        assertThat(slow.rig.target.stored()).hasSize(2_400).doesNotHaveDuplicates();
    }

    /** Scenario E11. What is known of the target counts; the first writes go by an assumption. */
    @ParameterizedTest
    @ValueSource(ints = {20_000, 50_000, 100_000, 250_000})
    void neverHasMoreUnderWayThanTheTargetTakesInHalfTheTimeOfACheckpoint(int bytesPerSecond) throws Exception {
        SlowRig slow = new SlowRig(bytesPerSecond);
        slow.write(400);
        slow.flush();
        slow.mostUnderWay = 0;

        slow.write(3_000);

        long takenInHalf = bytesPerSecond * CHECKPOINT_TIMEOUT.toSeconds() / 2;
        assertThat(slow.mostUnderWay)
                .as("so much is under way that the target is kept busy")
                .isGreaterThan(takenInHalf / 8)
                .isLessThanOrEqualTo(takenInHalf);
    }

    @Test
    void targetThatSlowsDownToATenthIsGivenLess() throws Exception {
        SlowRig slow = new SlowRig(500_000);
        slow.write(3_000);
        slow.flush();
        slow.bytesPerSecond = 50_000;
        slow.write(3_000);
        Duration second = slow.flush();

        assertThat(second).isLessThanOrEqualTo(CHECKPOINT_TIMEOUT.dividedBy(2));
        assertThat(slow.rig.metrics.shown("sls.inFlightLimitBytes")).isLessThanOrEqualTo(1_500_000);
        assertThat(slow.rig.metrics.shown("sls.flushMillis")).isEqualTo(second.toMillis());
    }

    @Test
    void quickTargetMayHaveAllThatIsConfigured() throws Exception {
        SlowRig slow = new SlowRig(20_000_000);
        slow.write(5_000);
        slow.flush();

        assertThat(slow.rig.metrics.shown("sls.inFlightLimitBytes")).isEqualTo(Delivery.DEFAULT.maxBufferedBytes());
    }

    @Test
    void listThatIsTooMuchForASlowLineIsHalvedInsteadOfRepeatedForEver() throws Exception {
        WriterRig rig = new WriterRig(WriterRig.config()
                .delivery(WriterRig.delivery(false, true, 1, 1 << 30))
                .build());
        rig.write();
        for (int i = 0; i < 40; i++) {
            rig.write(0, "topic", 100_000);
        }
        rig.target.takeOpen().accept();
        // The line takes 20 kB in a second: requests of more than 600 kB never get an answer in time.
        rig.target.acceptingAll().hangingFor(request -> request.rawBytes() > 600_000);

        rig.advance(Duration.ofMinutes(10));

        assertThat(rig.target.stored()).hasSize(41).doesNotHaveDuplicates();
    }

    /** A target that takes so many bytes in a second, one request after the other. */
    private static final class SlowRig {

        private final WriterRig rig = new WriterRig(SinkConfig.builder("nginx", WriterRig.TARGET)
                .drainWithin(CHECKPOINT_TIMEOUT.dividedBy(4))
                .build());
        private int bytesPerSecond;
        private long mostUnderWay;

        SlowRig(int bytesPerSecond) {
            this.bytesPerSecond = bytesPerSecond;
            rig.alwaysWhileItWaits(() -> {
                FakeTarget.Open put = rig.target.takeOpen();
                rig.advance(Duration.ofNanos(put.request().rawBytes() * 1_000_000_000L / this.bytesPerSecond));
                put.accept();
            });
        }

        void write(int groups) throws Exception {
            for (int i = 0; i < groups; i++) {
                rig.write(0, "topic", GROUP);
                mostUnderWay = Math.max(mostUnderWay, rig.metrics.shown("sls.inFlightBytes"));
            }
        }

        Duration flush() throws Exception {
            Duration before = rig.now();
            rig.flush();
            return rig.now().minus(before);
        }
    }
}
