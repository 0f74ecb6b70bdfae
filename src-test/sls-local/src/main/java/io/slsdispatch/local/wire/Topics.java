package io.slsdispatch.local.wire;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Decodes topics as text. Different bytes give different text, even when they are not UTF-8: a byte that is not part of
 * valid UTF-8 becomes the lone surrogate {@code U+DC80} to {@code U+DCFF} that represents it (Python's
 * "surrogateescape", PEP 383).
 */
public final class Topics {

    private static final char ESCAPE = '\uDC00';

    private Topics() {}

    /** The text of a slice of an array. */
    public static String decode(byte[] array, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (array[i] < 0) {
                return decodeBeyondAscii(ByteBuffer.wrap(array, offset, length));
            }
        }
        return new String(array, offset, length, StandardCharsets.ISO_8859_1);
    }

    private static String decodeBeyondAscii(ByteBuffer bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer text = CharBuffer.allocate(bytes.remaining());
        CoderResult result = decoder.decode(bytes, text, true);
        while (result.isError()) {
            for (int i = 0; i < result.length(); i++) {
                text.put((char) (ESCAPE + (bytes.get() & 0xff)));
            }
            decoder.reset();
            result = decoder.decode(bytes, text, true);
        }
        return text.flip().toString();
    }
}
