package io.slsdispatch.job.yaml;

import java.util.regex.Pattern;

/** Redactor that makes text from outside safe for messages: it removes secrets and escapes invisible characters. */
public final class Redactor {

    /** A user name and password before a host. */
    private static final Pattern LOGIN = Pattern.compile("(?<=://)[^/?#\\s]+@|[^/?#\\s:@'\"]+:[^/?#\\s@]+@");

    /** The query of a URL. */
    private static final Pattern QUERY = Pattern.compile("(?<=://)([^?\\s]*)\\?[^\\s'\"]+");

    /**
     * Access key ids in the form that Aliyun issues, permanent and temporary; the secret is often written next to the
     * id.
     */
    private static final Pattern ACCESS_KEY_ID = Pattern.compile("\\b(LTAI|STS\\.)[0-9A-Za-z]{8,}");

    private Redactor() {}

    /** Replaces logins and queries in URLs, and access key ids. */
    public static String redact(String text) {
        String shown = LOGIN.matcher(text).replaceAll("***@");
        shown = QUERY.matcher(shown).replaceAll("$1?***");
        return ACCESS_KEY_ID.matcher(shown).replaceAll("$1***");
    }

    /** Writes invisible characters and terminal control characters as <code>\\u200b</code>. */
    public static String escapeInvisible(String text) {
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

    private static boolean isVisible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            case Character.SPACE_SEPARATOR -> character == ' ';
            default -> true;
        };
    }
}
