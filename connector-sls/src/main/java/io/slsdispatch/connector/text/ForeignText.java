package io.slsdispatch.connector.text;

import java.util.regex.Pattern;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * The single place where external texts are made safe: of the service, of a proxy or server in between, of a library
 * that repeats what it received. Only what has passed here may be in a message, a metric label, a log or the output of
 * a command: it has no secret, no character that is invisible or that a terminal or log viewer interprets, and a
 * limited length.
 */
@Internal
public final class ForeignText {

    /** The most characters of a code or an id: they become metric labels and fields of dead letters. */
    public static final int NAME = 100;

    /** The most characters of a message. */
    public static final int MESSAGE = 500;

    /**
     * More characters are not looked at. Far more than are shown, so that a secret at the end of the part that is shown
     * is recognized.
     */
    private static final int READ = 1 << 16;

    private static final String CUT = "...";
    private static final Pattern SPACES = Pattern.compile("[\\s\\p{Z}]+");

    private ForeignText() {}

    /**
     * A message or a page as one line: spaces and line ends become one space.
     *
     * @param secrets to hide
     * @param most characters, plus three dots when it is cut
     */
    public static String line(@Nullable String text, Secrets secrets, int most) {
        return shown(SPACES.matcher(read(text, secrets).strip()).replaceAll(" "), most);
    }

    /**
     * A name, code or id: line ends and other invisible characters are shown as <code>\\u000a</code>.
     *
     * @param secrets to hide
     * @param most characters, plus three dots when it is cut
     */
    public static String name(@Nullable String text, Secrets secrets, int most) {
        return shown(read(text, secrets), most);
    }

    private static String read(@Nullable String text, Secrets secrets) {
        if (text == null) {
            return "";
        }
        boolean isCut = text.length() > READ;
        return secrets.hideIn(isCut ? text.substring(0, READ) : text, isCut);
    }

    private static String shown(String text, int most) {
        String visible = visible(text.length() > most ? text.substring(0, most) : text);
        return text.length() > most || visible.length() > most ? cut(visible, most) + CUT : visible;
    }

    private static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        boolean splitsPair = Character.isHighSurrogate(text.charAt(most - 1));
        return text.substring(0, splitsPair ? most - 1 : most);
    }

    /** Shows characters that are invisible, or that a terminal interprets, as <code>\\u200b</code>. */
    public static String visible(String text) {
        if (text.codePoints().allMatch(ForeignText::isVisible)) {
            return text;
        }
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(character -> {
            if (isVisible(character)) {
                shown.appendCodePoint(character);
            } else {
                for (char unit : Character.toChars(character)) {
                    shown.append(String.format("\\u%04x", (int) unit));
                }
            }
        });
        return shown.toString();
    }

    /** Whether a reader sees the character; false for all that control a terminal, a line or the direction of text. */
    public static boolean isVisible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            case Character.SPACE_SEPARATOR -> character == ' ';
            default -> !isFiller(character);
        };
    }

    /** Characters that are invisible although their category is that of letters, marks or symbols. */
    private static boolean isFiller(int character) {
        return character == 0x034f
                || character == 0x115f
                || character == 0x1160
                || character == 0x17b4
                || character == 0x17b5
                || character == 0x2800
                || character == 0x3164
                || character == 0xffa0
                || (character >= 0x180b && character <= 0x180f)
                || (character >= 0xfe00 && character <= 0xfe0f)
                || (character >= 0xe0100 && character <= 0xe01ef);
    }
}
