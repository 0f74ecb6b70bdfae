package io.slsdispatch.connector.client.credentials;

import java.time.Instant;
import java.util.Optional;

/**
 * What requests are signed with.
 *
 * @param accessKeyId names the key
 * @param accessKeySecret the key
 * @param securityToken comes with temporary credentials, and only with them
 * @param expiration when they stop to work; empty when that is not known, or never
 */
public record Credentials(
        String accessKeyId, Secret accessKeySecret, Optional<Secret> securityToken, Optional<Instant> expiration) {

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
