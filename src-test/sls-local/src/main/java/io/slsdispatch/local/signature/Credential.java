package io.slsdispatch.local.signature;

import org.jspecify.annotations.Nullable;

/**
 * An access key that requests may be signed with.
 *
 * @param accessKeyId id of the key
 * @param accessKeySecret secret that signs requests
 * @param securityToken the token that requests must contain if the key is temporary, else null
 */
public record Credential(
        String accessKeyId,
        String accessKeySecret,
        @Nullable String securityToken) {

    public Credential {
        if (accessKeyId.isBlank() || accessKeySecret.isEmpty()) {
            throw new IllegalArgumentException("access key without id or secret");
        }
    }

    /** A permanent key. */
    public Credential(String accessKeyId, String accessKeySecret) {
        this(accessKeyId, accessKeySecret, null);
    }

    /** Never shows the secret. */
    @Override
    public String toString() {
        return "access key " + accessKeyId;
    }
}
