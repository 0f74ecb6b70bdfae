package io.slsdispatch.connector.text;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A text in lower case, without spaces and invisible characters, with its escapes decoded as often as asked. Each
 * character knows its place in the original text.
 */
final class DecodedText {

    private static final int HEX = 16;
    private static final int NOT_HEX = -1;
    private static final int MAX_ENTITY = 9;

    private static final Map<String, String> ENTITIES =
            Map.of("amp", "&", "lt", "<", "gt", ">", "quot", "\"", "apos", "'");

    /** Escapes that mean a character without a sign: such characters are left out. */
    private static final String ESCAPED_CONTROLS = "nrtbf";

    private final StringBuilder characters = new StringBuilder();
    private final int[] from;
    private final int[] to;

    private DecodedText(int capacity) {
        this.from = new int[capacity];
        this.to = new int[capacity];
    }

    /** A text as it is. */
    static DecodedText of(String text) {
        DecodedText plain = new DecodedText(text.length());
        for (int i = 0; i < text.length(); i++) {
            plain.add(text.charAt(i), i, i + 1);
        }
        return plain;
    }

    static boolean isSkipped(char character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    String text() {
        return characters.toString();
    }

    /** Where a character begins in the original text. */
    int from(int index) {
        return from[index];
    }

    /** Where a character ends in the original text. */
    int to(int index) {
        return to[index];
    }

    private void add(char character, int begin, int end) {
        if (!isSkipped(character)) {
            from[characters.length()] = begin;
            to[characters.length()] = end;
            characters.append(Character.toLowerCase(character));
        }
    }

    /** The text with its escapes decoded once. */
    DecodedText decoded() {
        DecodedText next = new DecodedText(characters.length());
        int at = 0;
        while (at < characters.length()) {
            int length =
                    switch (characters.charAt(at)) {
                        case '%' -> percent(at, next);
                        case '\\' -> backslash(at, next);
                        case '&' -> entity(at, next);
                        default -> 0;
                    };
            if (length == 0) {
                next.add(characters.charAt(at), from[at], to[at]);
                length = 1;
            }
            at += length;
        }
        return next;
    }

    /** A run of {@code %41}: the bytes of UTF-8. */
    private int percent(int at, DecodedText next) {
        int end = at;
        while (end + 2 < characters.length() && characters.charAt(end) == '%' && hex(end + 1, 2) != NOT_HEX) {
            end += 3;
        }
        byte[] bytes = new byte[(end - at) / 3];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) hex(at + 3 * i + 1, 2);
        }
        int used = 0;
        while (used < bytes.length) {
            int length = Math.min(utf8Length(bytes[used]), bytes.length - used);
            String decoded = new String(bytes, used, length, StandardCharsets.UTF_8);
            int begin = at + 3 * used;
            // No text has more characters than bytes of UTF-8.
            for (int i = 0; i < decoded.length(); i++) {
                next.add(decoded.charAt(i), from[begin], to[begin + 3 * length - 1]);
            }
            used += length;
        }
        return end - at;
    }

    private static int utf8Length(byte first) {
        int value = first & 0xff;
        if (value < 0xc0) {
            return 1;
        }
        return value < 0xe0 ? 2 : value < 0xf0 ? 3 : 4;
    }

    /** The escapes of JSON and of programming languages: a backslash with {@code u0041} or {@code x41}, or the character itself. */
    private int backslash(int at, DecodedText next) {
        if (at + 1 >= characters.length()) {
            return 0;
        }
        char kind = characters.charAt(at + 1);
        int digits = kind == 'u' ? 4 : kind == 'x' ? 2 : 0;
        if (digits > 0 && at + 1 + digits < characters.length() && hex(at + 2, digits) != NOT_HEX) {
            next.add((char) hex(at + 2, digits), from[at], to[at + 1 + digits]);
            return 2 + digits;
        }
        if (ESCAPED_CONTROLS.indexOf(kind) < 0) {
            next.add(kind, from[at], to[at + 1]);
        }
        return 2;
    }

    /** An entity of HTML: a name or a number between an ampersand and a semicolon. */
    private int entity(int at, DecodedText next) {
        int end = characters.indexOf(";", at);
        if (end < 0 || end - at > MAX_ENTITY) {
            return 0;
        }
        String name = characters.substring(at + 1, end);
        String named = ENTITIES.get(name);
        int code = named == null ? number(name) : named.charAt(0);
        if (code < 0 || code > Character.MAX_VALUE) {
            return 0;
        }
        next.add((char) code, from[at], to[end]);
        return end + 1 - at;
    }

    private static int number(String name) {
        try {
            if (name.startsWith("#x")) {
                return Integer.parseInt(name.substring(2), HEX);
            }
            return name.startsWith("#") ? Integer.parseInt(name.substring(1)) : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private int hex(int begin, int digits) {
        int value = 0;
        for (int i = begin; i < begin + digits; i++) {
            int digit = Character.digit(characters.charAt(i), HEX);
            if (digit < 0) {
                return NOT_HEX;
            }
            value = value * HEX + digit;
        }
        return value;
    }
}
