package io.slsdispatch.connector.source.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** What every serializer of state must do with bytes that are not what it wrote. */
public final class StateAssertions {

    private StateAssertions() {}

    /** Bytes that a released version wrote, from {@code src/test/resources/state}. Never written anew. */
    public static byte[] golden(String name) throws IOException {
        try (InputStream in = StateAssertions.class.getResourceAsStream("/state/" + name)) {
            if (in == null) {
                throw new AssertionError("there is no /state/" + name);
            }
            return in.readAllBytes();
        }
    }

    /** Every cut, one byte too many and a version from the future must be refused with a clear message. */
    public static <T> void refusesWhatItDidNotWrite(SimpleVersionedSerializer<T> serializer, T state)
            throws IOException {
        byte[] bytes = serializer.serialize(state);
        int version = serializer.getVersion();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> serializer.deserialize(version, cut))
                    .isInstanceOf(IOException.class)
                    .hasMessageMatching("(?s).*(is truncated|is damaged).*");
        }
        assertThatThrownBy(() -> serializer.deserialize(version, Arrays.copyOf(bytes, bytes.length + 1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("1 of its " + (bytes.length + 1) + " bytes are unused");
        assertThatThrownBy(() -> serializer.deserialize(version + 1, bytes))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has version " + (version + 1))
                .hasMessageContaining("written by a newer build");
        assertThat(serializer.deserialize(version, bytes)).isEqualTo(state);
    }
}
