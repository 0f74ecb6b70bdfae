package io.slsdispatch.connector.client.credentials;

import io.slsdispatch.connector.config.CredentialsConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
    private static final int MAX_BYTES = 64 * 1024;

    private record Reading(Credentials credentials, Instant when) {}

    private final Path path;
    private final String origin;
    private final Clock clock;
    private volatile @Nullable Reading last;
    private volatile boolean warned;
    private final AtomicLong failures = new AtomicLong();

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
            failures.incrementAndGet();
            if (reading == null || reading.credentials().isExpiredAt(now)) {
                throw e;
            }
            if (!warned) {
                warned = true;
                LOG.warn("Continuing with the credentials read at {}: {}", reading.when(), e.getMessage());
            }
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
        String text;
        try {
            // Reading a pipe would block without limit.
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                throw new NoCredentialsException(origin + " is not a regular file");
            }
            byte[] bytes;
            try (InputStream in = Files.newInputStream(path)) {
                bytes = in.readNBytes(MAX_BYTES + 1);
            }
            if (bytes.length > MAX_BYTES) {
                throw new NoCredentialsException(origin + " is larger than " + MAX_BYTES + " bytes");
            }
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new NoCredentialsException(origin + " is not UTF-8 text: save it as UTF-8");
        } catch (NoSuchFileException e) {
            throw new NoCredentialsException(origin + " does not exist on this machine");
        } catch (IOException e) {
            throw new NoCredentialsException(
                    origin + " cannot be read: " + e.getClass().getSimpleName());
        }
        return CredentialsText.parse(text, origin);
    }
}
