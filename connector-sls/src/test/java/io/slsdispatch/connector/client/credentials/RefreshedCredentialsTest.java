package io.slsdispatch.connector.client.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.credentials.Credentials.Secret;
import io.slsdispatch.connector.client.http.Deadline;
import io.slsdispatch.testing.CapturedLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every fetch ends, and none of its ends is the last that was asked. */
@Timeout(60)
class RefreshedCredentialsTest {

    private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");

    private Instant now = START;
    private Throwable failing;
    private Credentials answer = temporary("id-1", START.plus(Duration.ofHours(1)));
    private int fetches;
    private final Queue<Runnable> background = new ArrayDeque<>();
    private final RefreshedCredentials source =
            new RefreshedCredentials("address", this::fetch, Runnable::run, new MovableClock());

    @Test
    void asksAgainAfterAFetchThatEndedInAnError() throws Exception {
        failing = new OutOfMemoryError("of the test");
        assertThatThrownBy(source::current)
                .isInstanceOf(NoCredentialsException.class)
                .hasMessageContaining("OutOfMemoryError: of the test");

        failing = null;

        assertThat(source.current().accessKeyId()).isEqualTo("id-1");
        assertThat(source.failures()).isEqualTo(1);
    }

    @Test
    void renewalsThatFailAgainAndAgainAreOneLineAtFirst() throws Exception {
        source.current();
        now = START.plus(Duration.ofMinutes(50));
        failing = new NoCredentialsException("the address answers with status 500");
        try (CapturedLog log = new CapturedLog(RefreshedCredentials.class.getName())) {
            for (int i = 0; i < 50; i++) {
                source.current();
                now = now.plus(Duration.ofSeconds(11));
            }

            assertThat(source.failures()).isEqualTo(50);
            assertThat(log.lines())
                    .hasSizeLessThanOrEqualTo(3)
                    .first()
                    .asString()
                    .contains(
                            "Renewing the credentials fails; retrying every 10 s",
                            "are used meanwhile. Check that source. the address answers with status 500");
        }
    }

    @Test
    void asksAgainAfterARenewalThatEndedInAnError() throws Exception {
        source.current();
        now = START.plus(Duration.ofMinutes(55));
        failing = new NoClassDefFoundError("of the test");
        assertThat(source.current().accessKeyId()).isEqualTo("id-1");

        failing = null;
        answer = temporary("id-2", START.plus(Duration.ofHours(2)));
        now = now.plus(Duration.ofSeconds(10));
        source.current();

        assertThat(source.current().accessKeyId()).isEqualTo("id-2");
    }

    @Test
    void asksAgainWhenThereWasNoThreadToAskOn() throws Exception {
        Error noThread = new OutOfMemoryError("unable to create native thread");
        boolean[] works = {false};
        RefreshedCredentials starved = new RefreshedCredentials(
                "address",
                this::fetch,
                task -> {
                    if (!works[0]) {
                        throw noThread;
                    }
                    task.run();
                },
                new MovableClock());
        assertThatThrownBy(starved::current).hasMessageContaining("unable to create native thread");

        works[0] = true;

        assertThat(starved.current().accessKeyId()).isEqualTo("id-1");
    }

    @Test
    void givesUpAFetchThatDoesNotEndAndIgnoresWhatItBringsLate() throws Exception {
        RefreshedCredentials hung =
                new RefreshedCredentials("address", this::fetch, background::add, new MovableClock());
        Credentials late = answer;
        assertThatThrownByWhileInterrupted(hung);

        now = now.plus(Duration.ofMinutes(1));
        answer = temporary("id-2", START.plus(Duration.ofHours(2)));
        assertThatThrownByWhileInterrupted(hung);
        Runnable given = background.remove();
        background.remove().run();
        answer = late;
        given.run();

        assertThat(hung.current().accessKeyId()).isEqualTo("id-2");
        assertThat(hung.failures()).isEqualTo(1);
    }

    @Test
    void pausesLongerWithEachFailureInARow() {
        failing = new NoCredentialsException("none at the moment");
        for (int second = 0; second < 60; second++) {
            for (int request = 0; request < 100; request++) {
                assertThatThrownBy(source::current).hasMessage("none at the moment");
            }
            now = now.plus(Duration.ofSeconds(1));
        }

        // At once, after 0, 1, 2, 4, 8 seconds, and then every 10.
        assertThat(fetches).isEqualTo(10);
    }

    @Test
    void asksAtOnceWhenCredentialsEndWithinAPause() throws Exception {
        source.current();
        failing = new NoCredentialsException("none at the moment");
        now = START.plus(Duration.ofHours(1)).minusSeconds(5);
        assertThat(source.current().accessKeyId()).isEqualTo("id-1");

        failing = null;
        answer = temporary("id-2", START.plus(Duration.ofHours(2)));
        now = START.plus(Duration.ofHours(1));

        assertThat(source.current().accessKeyId()).isEqualTo("id-2");
    }

    @Test
    void asksAgainAfterTheClockWasSetBack() throws Exception {
        source.current();
        answer = temporary("id-2", START);
        now = START.minus(Duration.ofHours(2));

        assertThat(source.current().accessKeyId())
                .as("an end by the clock of before says nothing")
                .isEqualTo("id-2");
    }

    @Test
    void aClosedClientIsNoFailureOfTheAddress() {
        RefreshedCredentials closed = new RefreshedCredentials(
                "address",
                this::fetch,
                task -> {
                    throw new RejectedExecutionException();
                },
                new MovableClock());

        assertThatThrownBy(closed::current).hasMessage("the client is closed");
        assertThat(closed.failures()).isZero();
    }

    private Credentials fetch(Deadline deadline) throws NoCredentialsException {
        fetches++;
        if (failing instanceof Error error) {
            throw error;
        }
        if (failing instanceof NoCredentialsException none) {
            throw none;
        }
        return answer;
    }

    /** Nobody fetches in the background there: who waits would wait for the whole time limit. */
    private static void assertThatThrownByWhileInterrupted(CredentialsSource source) {
        Thread.currentThread().interrupt();
        assertThatThrownBy(source::current).hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    private static Credentials temporary(String id, Instant expiration) {
        return new Credentials(id, Secret.of("s"), Optional.of(Secret.of("t")), Optional.of(expiration));
    }

    private final class MovableClock extends Clock {

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
