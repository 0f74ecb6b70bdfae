package io.slsdispatch.connector.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.FakeSls;
import io.slsdispatch.connector.config.StartingPosition;
import io.slsdispatch.connector.config.TestConfigs;
import io.slsdispatch.connector.metrics.SourceMetricNames;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RetentionMonitorTest {

    private static final Instant NOW = Instant.parse("2026-01-10T00:00:00Z");
    private static final Duration WEEK = Duration.ofDays(7);

    private final FakeSls service = new FakeSls(1);

    @AfterEach
    void stopService() {
        service.close();
    }

    @Test
    void saysThatAStartInTheFutureReadsFromTheNextGroupOn() {
        assertThat(RetentionMonitor.startWarning(new StartingPosition.At(NOW.plusSeconds(60)), NOW, WEEK))
                .hasValueSatisfying(warning -> assertThat(warning).contains("2026-01-10T00:01:00Z is in the future"));
    }

    @Test
    void saysThatAStartBeforeTheRetentionReadsFromTheOldestGroupLeft() {
        StartingPosition old = new StartingPosition.At(NOW.minus(Duration.ofDays(8)));

        assertThat(RetentionMonitor.startWarning(old, NOW, WEEK)).hasValueSatisfying(warning -> assertThat(warning)
                .contains("before the retention of 7 days", "oldest available group"));
        assertThat(RetentionMonitor.startWarning(new StartingPosition.Committed("g", old), NOW, WEEK))
                .isPresent();
    }

    @Test
    void hasNoDoubtsAboutOtherStarts() {
        assertThat(RetentionMonitor.startWarning(new StartingPosition.Begin(), NOW, WEEK))
                .isEmpty();
        assertThat(RetentionMonitor.startWarning(new StartingPosition.At(NOW.minusSeconds(60)), NOW, WEEK))
                .isEmpty();
        assertThat(RetentionMonitor.startWarning(new StartingPosition.At(Instant.EPOCH), NOW, Duration.ZERO))
                .isEmpty();
    }

    @Test
    void showsForHowLongTheLogstoreKeepsGroupsAndRunsWithoutKnowingIt() throws IOException {
        service.refuse(ErrorKind.UNAUTHORIZED, "GetLogStore");
        service.retention(WEEK);
        EnumeratorRig rig = new EnumeratorRig(
                        service, TestConfigs.of(service.logstore()).config(), 1)
                .readersStart()
                .discover();
        assertThat(rig.assigned()).hasSize(1);
        assertThat(rig.gauge(SourceMetricNames.RETENTION_SECONDS)).isZero();

        service.heal();
        rig.discover();
        assertThat(rig.gauge(SourceMetricNames.RETENTION_SECONDS)).isEqualTo(WEEK.toSeconds());
    }
}
