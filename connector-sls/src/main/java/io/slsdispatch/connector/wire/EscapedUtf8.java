package io.slsdispatch.connector.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.apache.flink.annotation.Internal;

/**
 * Decodes bytes that should be UTF-8 but may not be, without mapping two different byte strings to equal text: a byte
 * that is not part of valid UTF-8 becomes the lone low surrogate {@code U+DC80} to {@code U+DCFF} that contains it.
 * Valid UTF-8 never decodes to a lone surrogate, so the mapping is reversible. (Python calls it "surrogateescape", PEP
 * 383.) The result does not depend on the platform's locale or charset.
 */
@Internal
public final class EscapedUtf8 {

    private static final char REPLACEMENT = '\uFFFD';
    private static final char ESCAPE = '\uDC00';

    private EscapedUtf8() {}

    /** Decodes a slice of an array. */
    public static String decode(byte[] array, int offset, int length) {
        String text = new String(array, offset, length, StandardCharsets.UTF_8);
        // The replacement character may also be a real character of the input: only strict decoding shows the
        // difference.
        return text.indexOf(REPLACEMENT) < 0 ? text : decodeStrictly(array, offset, length);
    }

    private static String decodeStrictly(byte[] array, int offset, int length) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(array, offset, length);
        CharBuffer out = CharBuffer.allocate(length);
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            if (!result.isError()) {
                return out.flip().toString();
            }
            for (int bad = 0; bad < result.length(); bad++) {
                out.put((char) (ESCAPE + (in.get() & 0xff)));
            }
            decoder.reset();
        }
    }

    /** The bytes that {@link #decode} decoded to this text. */
    public static byte[] encode(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return encodeEscapes(text);
            }
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] encodeEscapes(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length() + 16);
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c)) {
                i++;
            } else if (Character.isLowSurrogate(c)) {
                out.writeBytes(text.substring(from, i).getBytes(StandardCharsets.UTF_8));
                out.write(c - ESCAPE);
                from = i + 1;
            }
        }
        out.writeBytes(text.substring(from).getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }
}
