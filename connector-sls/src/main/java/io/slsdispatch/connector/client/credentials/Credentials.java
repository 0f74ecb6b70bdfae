package io.slsdispatch.connector.client.credentials;

import java.time.Instant;
import java.util.Optional;
import org.apache.flink.annotation.Internal;

/**
 * What requests are signed with.
 *
 * @param accessKeyId names the key
 * @param accessKeySecret the key
 * @param securityToken comes with temporary credentials, and only with them
 * @param expiration when they stop to work; empty when that is not known, or never
 */
@Internal
public record Credentials(
        String accessKeyId, Secret accessKeySecret, Optional<Secret> securityToken, Optional<Instant> expiration) {

    /**
     * Text that must not be seen. It shows itself only to {@link #reveal()}; it cannot be serialized, so it reaches neither
     * job graph nor state.
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

    /** Credentials that last. */
    public static Credentials lasting(String accessKeyId, String accessKeySecret) {
        return new Credentials(accessKeyId, Secret.of(accessKeySecret), Optional.empty(), Optional.empty());
    }

    /** Whether they no longer work at this time. */
    public boolean isExpiredAt(Instant time) {
        return expiration.isPresent() && !time.isBefore(expiration.get());
    }

    /** The text with secrets of these credentials hidden, should it repeat any. */
    public String hideIn(String text) {
        String hidden = text.replace(accessKeySecret.reveal(), accessKeySecret.toString());
        return securityToken
                .map(token -> hidden.replace(token.reveal(), token.toString()))
                .orElse(hidden);
    }

    @Override
    public String toString() {
        return (securityToken.isPresent() ? "temporary" : "lasting") + " credentials"
                + expiration.map(time -> " until " + time).orElse("");
    }
}
