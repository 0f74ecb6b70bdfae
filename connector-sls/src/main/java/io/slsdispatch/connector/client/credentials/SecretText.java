package io.slsdispatch.connector.client.credentials;

import java.util.Optional;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Cleans a secret, or the name that belongs to it, of what editors and mounted files add to it: a byte order mark
 * before it and line ends after it. An environment variable that was set from a file has both, too. Everything else is
 * kept: a password may begin or end with a blank.
 */
@Internal
public final class SecretText {

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private SecretText() {}

    /** The text without a leading byte order mark. */
    static String withoutByteOrderMark(String text) {
        return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    }

    /** The cleaned value; empty when there is none, or nothing is left of it. */
    public static Optional<String> of(@Nullable String value) {
        if (value == null) {
            return Optional.empty();
        }
        String text = withoutByteOrderMark(value);
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
            end--;
        }
        return Optional.of(text.substring(0, end)).filter(cleaned -> !cleaned.isEmpty());
    }

    /** As {@link #of}, for a part of an access key: these contain no blanks, so surrounding ones are removed, too. */
    static Optional<String> ofKey(@Nullable String value) {
        return of(value).map(String::strip).filter(cleaned -> !cleaned.isEmpty());
    }
}
