package io.slsdispatch.job.yaml;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Suggestion of a known word for an unknown one. */
public final class Suggestion {

    /** No known word is this long, and a comparison takes time proportional to the length. */
    private static final int LONG = 200;

    private Suggestion() {}

    /** A sentence that names the known word nearest to the unknown one, or all known words when none is near. */
    public static String instead(String word, Collection<String> known) {
        return near(word, known)
                .map(nearest -> "Did you mean '" + nearest + "'?")
                .orElse("Expected one of: " + String.join(", ", known) + ".");
    }

    /** The known word nearest to the unknown one; empty when none is near. */
    public static Optional<String> near(String word, Collection<String> known) {
        if (word.length() > LONG) {
            return Optional.empty();
        }
        int near = Math.max(2, word.length() / 3);
        return known.stream()
                .min(Comparator.comparingInt((String candidate) -> distance(word, candidate))
                        .thenComparing(Comparator.naturalOrder()))
                .filter(candidate -> distance(word, candidate) <= near);
    }

    /** The number of characters to insert, delete or replace to turn one word into the other (Levenshtein distance). */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
