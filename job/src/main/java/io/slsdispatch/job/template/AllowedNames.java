package io.slsdispatch.job.template;

import io.slsdispatch.connector.config.NamePatterns;
import io.slsdispatch.connector.model.LogstoreId;
import java.util.List;
import java.util.regex.Pattern;

/** Checks of the patterns of the logstores that a target by template may write. */
public final class AllowedNames {

    private static final char ANY = '*';
    private static final char ONE = '?';
    private static final Pattern FORM = Pattern.compile("[a-z0-9_*?-]{1,63}");

    private AllowedNames() {}

    /**
     * Patterns that can match names of logstores.
     *
     * @throws IllegalArgumentException when one of them cannot; the message names it
     */
    public static NamePatterns of(List<String> patterns) {
        for (String pattern : patterns) {
            boolean isName = pattern.indexOf(ANY) >= 0
                    || pattern.indexOf(ONE) >= 0
                    || (pattern.length() > 2 && LogstoreId.isLogstoreName(pattern));
            if (!FORM.matcher(pattern).matches() || !isName) {
                throw new IllegalArgumentException("'" + pattern + "' matches no name of a logstore; expected a name of"
                        + " a-z, 0-9, '-' and '_', in which '*' matches any characters and '?' one");
            }
        }
        return new NamePatterns(patterns);
    }

    /** Whether a pattern begins with a wildcard, so that whoever chooses topics also chooses how names begin. */
    public static boolean beginWithWildcard(NamePatterns names) {
        return names.patterns().stream().anyMatch(pattern -> pattern.charAt(0) == ANY || pattern.charAt(0) == ONE);
    }

    /** Whether there is a text that patterns of both match. */
    public static boolean overlap(NamePatterns some, NamePatterns others) {
        return some.patterns().stream()
                .anyMatch(one -> others.patterns().stream().anyMatch(other -> overlap(one, other)));
    }

    /** Walks both patterns at once; a wildcard takes characters of the other, and also its wildcards. */
    private static boolean overlap(String one, String other) {
        boolean[][] reached = new boolean[one.length() + 2][other.length() + 2];
        reached[0][0] = true;
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                if (!reached[i][j]) {
                    continue;
                }
                char here = i < one.length() ? one.charAt(i) : 0;
                char there = j < other.length() ? other.charAt(j) : 0;
                reached[i + 1][j] |= here == ANY || (there == ANY && here != 0);
                reached[i][j + 1] |= there == ANY || (here == ANY && there != 0);
                boolean isCommon = here == there || here == ONE || there == ONE;
                reached[i + 1][j + 1] |= here != 0 && there != 0 && isCommon;
            }
        }
        return reached[one.length()][other.length()];
    }
}
