package io.slsdispatch.job.yaml;

import io.slsdispatch.connector.text.ForeignText;
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
        return ForeignText.visible(text);
    }
}
