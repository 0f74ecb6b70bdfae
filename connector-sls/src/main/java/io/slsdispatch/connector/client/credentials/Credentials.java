package io.slsdispatch.connector.client.credentials;

import io.slsdispatch.connector.text.Secrets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * The access key that signs requests, with its STS token if it is temporary.
 *
 * @param accessKeyId the id of the key
 * @param accessKeySecret the secret of the key
 * @param securityToken present in temporary credentials, and only in them
 * @param expiration when the credentials expire, by the clock of this process; empty when that is unknown, or never
 * @param origin where they come from and for which role they are, for messages; does not count for equality
 */
@Internal
public record Credentials(
        String accessKeyId,
        Secret accessKeySecret,
        Optional<Secret> securityToken,
        Optional<Instant> expiration,
        String origin) {

    /**
     * A secret string. Only {@link #reveal()} returns its value. It cannot be serialized, so it reaches neither the job
     * graph nor state.
     */
    public static final class Secret {

        private final String value;

        private Secret(String value) {
            this.value = value;
        }

        /** @throws IllegalArgumentException when the value is empty */
        public static Secret of(String value) {
            if (value.isEmpty()) {
                throw new IllegalArgumentException("an empty secret");
            }
            return new Secret(value);
        }

        /** The value itself: for signing, never for messages. */
        public String reveal() {
            return value;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Secret secret && secret.value.equals(value);
        }

        @Override
        public int hashCode() {
            return value.hashCode();
        }

        @Override
        public String toString() {
            return "***";
        }
    }

    public Credentials {
        if (accessKeyId.isBlank()) {
            throw new IllegalArgumentException("an empty access key id");
        }
    }

    /** Credentials of an unknown origin. */
    public Credentials(
            String accessKeyId, Secret accessKeySecret, Optional<Secret> securityToken, Optional<Instant> expiration) {
        this(accessKeyId, accessKeySecret, securityToken, expiration, "");
    }

    /** The same credentials with their origin. */
    Credentials from(String where) {
        return new Credentials(accessKeyId, accessKeySecret, securityToken, expiration, where);
    }

    /** The same credentials with a later end; earlier if negative. */
    Credentials endingLaterBy(Duration later) {
        return new Credentials(
                accessKeyId, accessKeySecret, securityToken, expiration.map(end -> end.plus(later)), origin);
    }

    /** Credentials that do not expire. */
    public static Credentials lasting(String accessKeyId, String accessKeySecret) {
        return new Credentials(accessKeyId, Secret.of(accessKeySecret), Optional.empty(), Optional.empty());
    }

    /** Whether the credentials have expired at this time. */
    public boolean isExpiredAt(Instant time) {
        return expiration.isPresent() && !time.isBefore(expiration.get());
    }

    /** The secrets of these credentials, to hide them in external texts. */
    public Secrets secrets() {
        return Secrets.of(Stream.concat(Stream.of(accessKeySecret), securityToken.stream())
                .map(Secret::reveal)
                .toList());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Credentials that
                && accessKeyId.equals(that.accessKeyId)
                && accessKeySecret.equals(that.accessKeySecret)
                && securityToken.equals(that.securityToken)
                && expiration.equals(that.expiration);
    }

    @Override
    public int hashCode() {
        return Objects.hash(accessKeyId, accessKeySecret, securityToken, expiration);
    }

    @Override
    public String toString() {
        return (securityToken.isPresent() ? "temporary" : "permanent") + " credentials"
                + expiration.map(time -> " until " + time).orElse("");
    }
}
