package io.slsdispatch.job.routing;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.io.Serializable;
import java.util.List;

/**
 * What a rule asks of a text: of the topic, the source, or the value of a tag. Always of the whole text, never of a part
 * of it. A text is a sequence of code points; a byte that is not UTF-8 stands in it as the lone surrogate that holds it
 * (see {@link io.slsdispatch.connector.wire.EscapedUtf8}) and counts as one character.
 *
 * <p>Every match takes time in proportion to the length of the text, times the length of the pattern at worst: no text,
 * however hostile, can make a match slow. Immutable and safe to share between threads.
 */
public sealed interface TextMatch extends Serializable
        permits TextMatch.Any, TextMatch.Exactly, TextMatch.Prefix, Glob, TextMatch.Regex, TextMatch.AnyOf {

    /** Matches every text, the empty one too. */
    TextMatch ANY = new Any();

    /** Whether the text is what is asked for. */
    boolean matches(String text);

    /**
     * Whether every text that {@code other} matches is certain to be matched by this. False means "no" or "cannot be
     * told", so that a rule is never called unreachable wrongly.
     */
    boolean covers(TextMatch other);

    /** Matches this text and no other. */
    static TextMatch exactly(String text) {
        return new Exactly(text);
    }

    /** Matches every text that begins so. */
    static TextMatch prefix(String prefix) {
        return prefix.isEmpty() ? ANY : new Prefix(prefix);
    }

    /**
     * Matches by a shell-like pattern: {@code *} is any run of characters, {@code ?} any one, {@code [a-z]} one of a
     * range, {@code [!a-z]} one outside it; a backslash takes the meaning from the character after it.
     *
     * @throws IllegalArgumentException when the pattern is not well-formed; the message says where
     */
    static TextMatch glob(String pattern) {
        return Glob.parse(pattern).simplified();
    }

    /**
     * Matches by a regular expression in the syntax of RE2: no back-references and no look-around, in exchange for
     * linear time. {@code .} matches a line break too. The expression must match the whole text.
     *
     * @throws IllegalArgumentException when the expression is not well-formed; the message says what is wrong
     */
    static TextMatch regex(String expression) {
        try {
            return new Regex(Pattern.compile(expression, Pattern.DOTALL));
        } catch (PatternSyntaxException e) {
            // The library puts the flags before the expression.
            throw new IllegalArgumentException(
                    e.getDescription() + ": " + e.getPattern().replace("(?s)", ""), e);
        }
    }

    /** Matches what at least one of these matches. */
    static TextMatch anyOf(List<TextMatch> alternatives) {
        return alternatives.size() == 1 ? alternatives.get(0) : new AnyOf(alternatives);
    }

    /** See {@link TextMatch#ANY}. */
    record Any() implements TextMatch {
        @Override
        public boolean matches(String text) {
            return true;
        }

        @Override
        public boolean covers(TextMatch other) {
            return true;
        }

        @Override
        public String toString() {
            return "any";
        }
    }

    /** See {@link TextMatch#exactly}. */
    record Exactly(String text) implements TextMatch {
        @Override
        public boolean matches(String candidate) {
            return text.equals(candidate);
        }

        @Override
        public boolean covers(TextMatch other) {
            return other instanceof AnyOf several ? several.areCoveredBy(this) : equals(other);
        }

        @Override
        public String toString() {
            return "'" + text + "'";
        }
    }

    /** See {@link TextMatch#prefix}. */
    record Prefix(String prefix) implements TextMatch {
        @Override
        public boolean matches(String text) {
            return text.startsWith(prefix);
        }

        @Override
        public boolean covers(TextMatch other) {
            if (other instanceof AnyOf several) {
                return several.areCoveredBy(this);
            }
            return (other instanceof Exactly exactly && matches(exactly.text()))
                    || (other instanceof Prefix longer && longer.prefix().startsWith(prefix))
                    || (other instanceof Glob glob && glob.literalStart().startsWith(prefix));
        }

        @Override
        public String toString() {
            return "prefix '" + prefix + "'";
        }
    }

    /** See {@link TextMatch#regex}. */
    record Regex(Pattern pattern) implements TextMatch {
        @Override
        public boolean matches(String text) {
            return pattern.matches(text);
        }

        @Override
        public boolean covers(TextMatch other) {
            if (other instanceof AnyOf several) {
                return several.areCoveredBy(this);
            }
            return equals(other)
                    || pattern.pattern().equals(".*")
                    || (other instanceof Exactly exactly && matches(exactly.text()));
        }

        @Override
        public String toString() {
            return "regex '" + pattern.pattern() + "'";
        }
    }

    /** See {@link TextMatch#anyOf}. */
    record AnyOf(List<TextMatch> alternatives) implements TextMatch {

        public AnyOf {
            alternatives = List.copyOf(alternatives);
            if (alternatives.isEmpty()) {
                throw new IllegalArgumentException("any of nothing");
            }
        }

        @Override
        public boolean matches(String text) {
            for (TextMatch alternative : alternatives) {
                if (alternative.matches(text)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public boolean covers(TextMatch other) {
            if (other instanceof AnyOf several) {
                return several.areCoveredBy(this);
            }
            return alternatives.stream().anyMatch(alternative -> alternative.covers(other));
        }

        private boolean areCoveredBy(TextMatch wider) {
            return alternatives.stream().allMatch(wider::covers);
        }

        @Override
        public String toString() {
            return String.join(
                    " or ", alternatives.stream().map(TextMatch::toString).toList());
        }
    }
}
