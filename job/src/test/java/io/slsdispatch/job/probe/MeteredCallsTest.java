package io.slsdispatch.job.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.client.connection.RawCalls;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class MeteredCallsTest {

    private static final RawCalls.Request REQUEST =
            new RawCalls.Request("PutLogs", "POST", "p", "/", Map.of(), Map.of(), new byte[0]);

    private final CountDownLatch stopped = new CountDownLatch(1);
    private Duration passed = Duration.ZERO;
    private int sent;

    private final MeteredCalls calls = new MeteredCalls(
            new Waits() {
                @Override
                public void pause(Duration time) {
                    passed = passed.plus(time);
                }

                @Override
                public long nanoTime() {
                    return passed.toNanos();
                }
            },
            stopped);

    private RawCalls.Response answer(RawCalls.Request request) {
        sent++;
        return new RawCalls.Response(Map.of(), new byte[0]);
    }

    private void send(long raw) throws Exception {
        assertThat(calls.send(this::answer, REQUEST, raw).isOk()).isTrue();
    }

    private void assertStops(String reason) {
        int before = sent;
        assertThatThrownBy(() -> send(1)).isInstanceOf(StoppedException.class).hasMessageContaining(reason);
        assertThat(sent).as("nothing more is sent").isEqualTo(before);
    }

    @Test
    void sendsThreeThousandRequestsAtMost() throws Exception {
        for (int request = 0; request < 3000; request++) {
            send(0);
        }
        assertStops("3000 requests");
    }

    @Test
    void writesTwoHundredMegabytesAtMost() throws Exception {
        send(200_000_000);
        assertStops("200 MB");
    }

    @Test
    void takesFifteenMinutesAtMost() throws Exception {
        passed = Duration.ofMinutes(15).minusNanos(1);
        send(0);
        passed = Duration.ofMinutes(15);
        assertStops("15 min");
    }

    @Test
    void createsThreeLogstoresAndFortyGroupsAtMost() throws Exception {
        for (int logstore = 0; logstore < 3; logstore++) {
            calls.countLogstore();
        }
        assertThatThrownBy(calls::countLogstore)
                .isInstanceOf(StoppedException.class)
                .hasMessageContaining("3 logstores");
        for (int group = 0; group < 40; group++) {
            assertThat(calls.countGroup()).isTrue();
        }
        assertThat(calls.countGroup()).isFalse();
    }

    @Test
    void deletesAlsoAfterItWasStoppedAndNotEndlessly() throws Exception {
        stopped.countDown();
        assertStops("interrupted");
        for (int request = 0; request < 200; request++) {
            assertThat(calls.sendCleaning(this::answer, REQUEST).isOk()).isTrue();
        }
        assertThatThrownBy(() -> calls.sendCleaning(this::answer, REQUEST)).isInstanceOf(StoppedException.class);
    }

    @Test
    void endsWhenTheServiceThrottles() {
        assertThatThrownBy(() -> calls.send(
                        request -> {
                            throw new SlsException(
                                    ErrorKind.THROTTLED, "PutLogs", "x", 403, "WriteQuotaExceed", "id", "", null);
                        },
                        REQUEST,
                        0))
                .isInstanceOf(StoppedException.class)
                .hasMessage("the service throttles (WriteQuotaExceed 403)");
    }
}
