package io.slsdispatch.connector.client.credentials;

import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.task.FailureLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Credentials in a file, which is read again every few seconds while it is used: the file is small, and modification
 * times are not reliable for a symbolic link that is switched, as for secrets that Kubernetes mounts.
 *
 * <p>If the file cannot be read, perhaps because it is being replaced, the credentials that were read last remain in
 * use until they expire.
 */
final class FileCredentials implements CredentialsSource {

    private static final Logger LOG = LoggerFactory.getLogger(FileCredentials.class);
    private static final Duration REREAD_AFTER = Duration.ofSeconds(2);

    private record Reading(Credentials credentials, Instant when) {}

    private final CredentialsConfig.File config;
    private final SecretFile file;
    private final Clock clock;
    private volatile @Nullable Reading last;
    private final FailureLog log = new FailureLog(LOG, System::nanoTime);
    private final AtomicLong failures = new AtomicLong();

    FileCredentials(CredentialsConfig.File config, Clock clock) {
        this.config = config;
        this.file = new SecretFile(config.path(), "credentials file " + config.path());
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
            return read;
        } catch (NoCredentialsException e) {
            failures.incrementAndGet();
            if (reading == null || reading.credentials().isExpiredAt(now)) {
                throw e;
            }
            log.warn(
                    "file",
                    null,
                    () -> "Renewing the credentials fails; the file is read again with the next requests, and the"
                            + " credentials read at " + reading.when() + " are used meanwhile. Check the file. "
                            + e.getMessage());
            return reading.credentials();
        }
    }

    @Override
    public long failures() {
        return failures.get();
    }

    private static boolean isFresh(Reading reading, Instant now) {
        return now.isBefore(reading.when().plus(REREAD_AFTER)) && !now.isBefore(reading.when());
    }

    private Credentials read() throws NoCredentialsException {
        return CredentialsText.parse(file.read(), file.origin()).from(config.toString());
    }
}
