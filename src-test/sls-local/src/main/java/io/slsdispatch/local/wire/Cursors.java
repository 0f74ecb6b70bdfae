package io.slsdispatch.local.wire;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Cursors as text: base64 of the decimal position. The samples of the service's pages decode to such numbers; missing
 * padding and a trailing newline both occur in practice and are accepted.
 */
public final class Cursors {

    private static final int MAX_DIGITS = 19;

    private Cursors() {}

    /** Encodes a position as a cursor. */
    public static String encode(long position) {
        return Base64.getEncoder().encodeToString(Long.toString(position).getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Decodes a cursor to its position.
     *
     * @throws Refusal ParameterInvalid when it is not base64 of a decimal number
     */
    public static long decode(String cursor) {
        try {
            byte[] text = Base64.getDecoder().decode(withoutPadding(cursor.strip()));
            if (text.length == 0 || text.length > MAX_DIGITS) {
                throw invalid(cursor);
            }
            long position = Long.parseLong(new String(text, StandardCharsets.US_ASCII));
            if (position < 0) {
                throw invalid(cursor);
            }
            return position;
        } catch (IllegalArgumentException notACursor) {
            throw invalid(cursor);
        }
    }

    private static String withoutPadding(String cursor) {
        int end = cursor.length();
        while (end > 0 && cursor.charAt(end - 1) == '=') {
            end--;
        }
        return cursor.substring(0, end);
    }

    private static Refusal invalid(String cursor) {
        return new Refusal(ErrorCode.PARAMETER_INVALID, "cursor " + cursor + " is invalid");
    }
}
