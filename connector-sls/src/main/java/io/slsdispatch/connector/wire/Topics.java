package io.slsdispatch.connector.wire;

import java.util.Arrays;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Converts topics between bytes and text, with a small cache of recent topics, so that a stream of few topics decodes
 * each of them once and equal topics are mostly the same {@link String}. The cache is bounded in entries and bytes: any
 * number of topics, however long or malicious, costs time but no memory.
 *
 * <p>One thread at a time.
 */
@Internal
public final class Topics {

    private static final int SLOTS = 16_384;
    private static final int MAX_REMEMBERED_BYTES = 256;

    private record Known(String topic, byte[] bytes) {}

    private final @Nullable Known[] byBytes = new @Nullable Known[SLOTS];
    private final @Nullable Known[] byText = new @Nullable Known[SLOTS];

    /** The topic that a slice of an array holds; see {@link EscapedUtf8} for bytes that are not UTF-8. */
    public String decode(byte[] array, int offset, int length) {
        if (length == 0) {
            return "";
        }
        if (length > MAX_REMEMBERED_BYTES) {
            return EscapedUtf8.decode(array, offset, length);
        }
        int slot = slot(hash(array, offset, length));
        Known known = byBytes[slot];
        if (known != null && Arrays.equals(known.bytes, 0, known.bytes.length, array, offset, offset + length)) {
            return known.topic;
        }
        String topic = EscapedUtf8.decode(array, offset, length);
        byBytes[slot] = new Known(topic, Arrays.copyOfRange(array, offset, offset + length));
        return topic;
    }

    /** The bytes of a topic. The array is shared: read only. */
    public byte[] encode(String topic) {
        int slot = slot(topic.hashCode());
        Known known = byText[slot];
        if (known != null && known.topic.equals(topic)) {
            return known.bytes;
        }
        byte[] bytes = EscapedUtf8.encode(topic);
        if (bytes.length <= MAX_REMEMBERED_BYTES) {
            byText[slot] = new Known(topic, bytes);
        }
        return bytes;
    }

    private static int hash(byte[] array, int offset, int length) {
        int hash = length;
        for (int i = offset; i < offset + length; i++) {
            hash = 31 * hash + array[i];
        }
        return hash;
    }

    private static int slot(int hash) {
        return (hash ^ (hash >>> 15)) & (SLOTS - 1);
    }
}
