package io.slsdispatch.local.signature;

import org.jspecify.annotations.Nullable;

/**
 * A key that requests may be signed with.
 *
 * @param accessKeyId names the key
 * @param accessKeySecret signs
 * @param securityToken the token that must come along when the key is a temporary one, else null
 */
public record Credential(
        String accessKeyId,
        String accessKeySecret,
        @Nullable String securityToken) {

    public Credential {
        if (accessKeyId.isBlank() || accessKeySecret.isEmpty()) {
            throw new IllegalArgumentException("an access key needs an id and a secret");
        }
    }

    /** A lasting key. */
    public Credential(String accessKeyId, String accessKeySecret) {
        this(accessKeyId, accessKeySecret, null);
    }

    /** Never shows the secret. */
    @Override
    public String toString() {
        return "access key " + accessKeyId;
    }
}
