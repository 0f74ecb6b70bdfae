package io.slsdispatch.connector.client.credentials;

import io.slsdispatch.connector.client.Credentials;
import io.slsdispatch.connector.config.CredentialsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Credentials in a file, which is read again every few seconds while it is used: the file is small, and times of change
 * cannot be relied on where it is a link that is switched over, as for secrets that Kubernetes mounts.
 *
 * <p>A file that cannot be read, perhaps because it is just being replaced, leaves the credentials that were read last
 * in force until they expire.
 */
final class FileCredentials implements CredentialsSource {

    private static final Logger LOG = LoggerFactory.getLogger(FileCredentials.class);
    private static final Duration REREAD_AFTER = Duration.ofSeconds(2);
    private static final long MAX_BYTES = 64 * 1024;

    private record Reading(Credentials credentials, Instant when) {}

    private final Path path;
    private final String origin;
    private final Clock clock;
    private volatile @Nullable Reading last;
    private volatile boolean warned;

    FileCredentials(CredentialsConfig.File config, Clock clock) {
        this.path = Path.of(config.path());
        this.origin = "credentials file " + config.path();
        this.clock = clock;
    }

    @Override
    public Credentials current() throws NoCredentialsException {
        Instant now = clock.instant();
        Reading reading = last;
        if (reading != null && isFresh(reading, now)) {
            return reading.credentials();
        }
        try {
            Credentials read = read();
            last = new Reading(read, now);
            warned = false;
            return read;
        } catch (NoCredentialsException e) {
            if (reading == null || reading.credentials().isExpiredAt(now)) {
                throw e;
            }
            if (!warned) {
                warned = true;
                LOG.warn("Going on with the credentials read at {}: {}", reading.when(), e.getMessage());
            }
            return reading.credentials();
        }
    }

    private static boolean isFresh(Reading reading, Instant now) {
        return now.isBefore(reading.when().plus(REREAD_AFTER)) && !now.isBefore(reading.when());
    }

    private Credentials read() throws NoCredentialsException {
        String text;
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw new NoCredentialsException(origin + " is larger than " + MAX_BYTES + " bytes");
            }
            text = Files.readString(path);
        } catch (NoSuchFileException e) {
            throw new NoCredentialsException(origin + " does not exist on this machine");
        } catch (IOException e) {
            throw new NoCredentialsException(
                    origin + " cannot be read: " + e.getClass().getSimpleName());
        }
        return CredentialsText.parse(text, origin);
    }
}
