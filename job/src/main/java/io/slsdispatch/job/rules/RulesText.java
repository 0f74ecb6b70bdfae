package io.slsdispatch.job.rules;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.connection.SlsClients;
import io.slsdispatch.connector.config.ConnectionConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The text of rules that stand by themselves, as often as it is asked for. It remembers what it has read of a logstore, so
 * that asking again is cheap, and of a file or an address, so that half a text is not taken for all of it. One thread at a
 * time.
 */
public final class RulesText {

    private static final Duration APART_AT_SUBMISSION = Duration.ofSeconds(1);
    private static final int READINGS_AT_SUBMISSION = 6;

    /** Waits; ends early when the thread is interrupted. */
    @FunctionalInterface
    interface Pause {
        void await(Duration duration) throws InterruptedException;
    }

    private final RulesLocation location;
    private final @Nullable ConnectionConfig connection;
    private final @Nullable NewestRules newest;
    private final @Nullable RulesFetch fetch;
    private final SettledText settling;
    private final Duration apart;
    private final int readings;
    private final Pause pause;

    private RulesText(
            RulesLocation location, @Nullable ConnectionConfig connection, Duration apart, int readings, Pause pause) {
        this.location = location;
        this.connection = connection;
        this.newest = location.logstore().map(NewestRules::new).orElse(null);
        this.fetch = location.address().map(RulesFetch::new).orElse(null);
        this.settling = new SettledText(apart, System::nanoTime);
        this.apart = apart;
        this.readings = readings;
        this.pause = pause;
    }

    /** For who asks again and again: a text counts when the next reading, a poll interval later, confirms it. */
    public static RulesText polled(
            RulesLocation location, @Nullable ConnectionConfig connection, Duration pollInterval) {
        return new RulesText(location, connection, pollInterval, 1, RulesText::await);
    }

    /** For who asks once, and waits for a second reading, a second later. */
    public static RulesText once(RulesLocation location, @Nullable ConnectionConfig connection) {
        return new RulesText(location, connection, APART_AT_SUBMISSION, READINGS_AT_SUBMISSION, RulesText::await);
    }

    /** As {@link #once} of a file or an address, with another wait between readings, which may follow each other at once. */
    static RulesText onceWith(RulesLocation location, Pause pause) {
        return new RulesText(location, null, Duration.ZERO, READINGS_AT_SUBMISSION, pause);
    }

    private static void await(Duration duration) throws InterruptedException {
        boolean never = new CountDownLatch(1).await(duration.toNanos(), TimeUnit.NANOSECONDS);
        assert !never;
    }

    RulesLocation location() {
        return location;
    }

    /**
     * The text now.
     *
     * @throws UnsettledException when it may be written just now
     * @throws IOException when it cannot be had, is too long or is not UTF-8; the message says so in words
     */
    String read() throws IOException, InterruptedException {
        if (newest != null) {
            return RulesLocation.text(ofLogstore(newest));
        }
        for (int reading = 1; ; reading++) {
            long begun = settling.now();
            byte[] whole = settling.settled(fetch == null ? location.readingOfFile() : fetch.reading(), begun);
            if (whole != null) {
                return RulesLocation.text(whole);
            }
            if (reading >= readings) {
                throw new UnsettledException();
            }
            pause.await(apart);
        }
    }

    private byte[] ofLogstore(NewestRules rules) throws IOException, InterruptedException {
        if (connection == null) {
            throw new IllegalStateException("a logstore without a connection");
        }
        SlsClient created;
        try {
            created = new SlsClients(connection).create();
        } catch (IllegalArgumentException | IllegalStateException e) {
            // What this process lacks; the message names it.
            throw new IOException(e.getMessage(), e);
        }
        try (SlsClient client = created) {
            return rules.read(client);
        }
    }
}
