package io.slsdispatch.connector.client.credentials;

/**
 * Text that must not be seen. It shows itself only to {@link #reveal()}; it cannot be serialized, so it reaches neither
 * job graph nor state.
 */
public final class Secret {

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
