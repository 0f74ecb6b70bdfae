package io.slsdispatch.job.rules;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.connection.SlsClients;
import io.slsdispatch.connector.config.ConnectionConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Loader of the text of rules at a {@link RulesLocation}, for repeated calls. It keeps its position in a logstore, so
 * that a repeated call is cheap, and the last reading of a file or URL, so that a partly written text is not taken as
 * complete. Not thread-safe.
 */
public final class RulesLoader {

    /** The most bytes of rules. */
    public static final int MAX_BYTES = StabilityCheck.Reading.MAX_BYTES;

    private static final Duration APART_AT_SUBMISSION = Duration.ofSeconds(1);
    private static final int READINGS_AT_SUBMISSION = 6;

    /** Thrown when the rules may still be being written: another reading must confirm that they are complete. */
    public static final class UnstableRulesException extends IOException {

        private static final long serialVersionUID = 1L;

        public UnstableRulesException(String message) {
            super(message);
        }
    }

    /** A wait, which ends early when the thread is interrupted. */
    @FunctionalInterface
    interface Pause {
        void await(Duration duration) throws InterruptedException;
    }

    private final RulesLocation location;
    private final @Nullable ConnectionConfig connection;
    private final @Nullable LogstoreRulesSource logstore;
    private final @Nullable HttpRulesSource http;
    private final StabilityCheck stability;
    private final Duration apart;
    private final int readings;
    private final Pause pause;

    private RulesLoader(
            RulesLocation location, @Nullable ConnectionConfig connection, Duration apart, int readings, Pause pause) {
        this.location = location;
        this.connection = connection;
        this.logstore = location.logstore().map(LogstoreRulesSource::new).orElse(null);
        this.http = location.address().map(HttpRulesSource::new).orElse(null);
        this.stability = new StabilityCheck(apart, System::nanoTime);
        this.apart = apart;
        this.readings = readings;
        this.pause = pause;
    }

    /** A loader for polling: a text is accepted when the next reading, one poll interval later, confirms it. */
    public static RulesLoader polled(
            RulesLocation location, @Nullable ConnectionConfig connection, Duration pollInterval) {
        return new RulesLoader(location, connection, pollInterval, 1, RulesLoader::await);
    }

    /** A loader for a single read, which waits for a second reading one second later. */
    public static RulesLoader once(RulesLocation location, @Nullable ConnectionConfig connection) {
        return new RulesLoader(location, connection, APART_AT_SUBMISSION, READINGS_AT_SUBMISSION, RulesLoader::await);
    }

    /** As {@link #once} for a file or a URL, but with another wait between readings; there is no minimum wait. */
    static RulesLoader onceWith(RulesLocation location, Pause pause) {
        return new RulesLoader(location, null, Duration.ZERO, READINGS_AT_SUBMISSION, pause);
    }

    private static void await(Duration duration) throws InterruptedException {
        boolean never = new CountDownLatch(1).await(duration.toNanos(), TimeUnit.NANOSECONDS);
        assert !never;
    }

    RulesLocation location() {
        return location;
    }

    /**
     * Reads the current text.
     *
     * @throws UnstableRulesException when it may still be being written
     * @throws IOException when it cannot be read, is too long or is not UTF-8; the message says which
     */
    String read() throws IOException, InterruptedException {
        if (logstore != null) {
            return text(ofLogstore(logstore));
        }
        for (int reading = 1; ; reading++) {
            long begun = stability.now();
            byte[] whole = stability.confirmed(reading(), begun);
            if (whole != null) {
                return text(whole);
            }
            if (reading >= readings) {
                throw new UnstableRulesException(
                        "it changes while it is read. Write a new file and rename it with 'mv', or end it with a line '...'");
            }
            pause.await(apart);
        }
    }

    private StabilityCheck.Reading reading() throws IOException, InterruptedException {
        return http == null ? new FileRulesSource(Path.of(location.text())).reading() : http.reading();
    }

    private byte[] ofLogstore(LogstoreRulesSource rules) throws IOException, InterruptedException {
        if (connection == null) {
            throw new IllegalStateException("a logstore without a connection");
        }
        SlsClient created;
        try {
            created = new SlsClients(connection).create();
        } catch (IllegalArgumentException | IllegalStateException e) {
            // Something is missing in this process; the message names it.
            throw new IOException(e.getMessage(), e);
        }
        try (SlsClient client = created) {
            return rules.read(client);
        }
    }

    private static String text(byte[] bytes) throws IOException {
        if (bytes.length > StabilityCheck.Reading.MAX_BYTES) {
            throw new IOException(StabilityCheck.Reading.TOO_LONG);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException("the text is not UTF-8", e);
        }
    }
}
