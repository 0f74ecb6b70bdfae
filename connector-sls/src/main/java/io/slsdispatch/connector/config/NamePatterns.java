package io.slsdispatch.connector.config;

import java.io.Serializable;
import java.util.List;
import org.apache.flink.annotation.PublicEvolving;

/**
 * Names that are allowed. In a pattern, {@code *} is any number of characters, none included, and {@code ?} is exactly
 * one; every other character is itself. A name is allowed if a pattern matches the whole name.
 *
 * @param patterns at least one
 */
@PublicEvolving
public record NamePatterns(List<String> patterns) implements Serializable {

    public NamePatterns {
        patterns = List.copyOf(patterns);
        if (patterns.isEmpty()) {
            throw new IllegalArgumentException("expected at least one pattern of allowed names");
        }
    }

    /** Patterns, as the constructor. */
    public static NamePatterns of(String... patterns) {
        return new NamePatterns(List.of(patterns));
    }

    /** Whether a pattern matches the whole name. Takes time proportional to patterns times name at most. */
    public boolean allow(String name) {
        for (String pattern : patterns) {
            if (matches(pattern, name)) {
                return true;
            }
        }
        return false;
    }

    /** Without a regular expression, whose time could grow exponentially: at a mismatch only the last star moves. */
    private static boolean matches(String pattern, String name) {
        int at = 0;
        int star = -1;
        int starAt = 0;
        int i = 0;
        while (i < name.length()) {
            char expected = at < pattern.length() ? pattern.charAt(at) : 0;
            if (expected == '*') {
                star = at++;
                starAt = i;
            } else if (at < pattern.length() && (expected == '?' || expected == name.charAt(i))) {
                at++;
                i++;
            } else if (star >= 0) {
                at = star + 1;
                i = ++starAt;
            } else {
                return false;
            }
        }
        while (at < pattern.length() && pattern.charAt(at) == '*') {
            at++;
        }
        return at == pattern.length();
    }
}
