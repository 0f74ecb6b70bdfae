package io.slsdispatch.job.rules;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.slsdispatch.connector.text.ForeignText;
import java.io.Serializable;
import java.util.List;

/**
 * A condition on a text: the topic, the source, or the value of a tag. It always matches the whole text, never a part
 * of it. A text is a sequence of code points; a byte that is not UTF-8 is represented by a lone surrogate (see
 * {@link io.slsdispatch.connector.wire.EscapedUtf8}) and counts as one character.
 *
 * <p>A match takes time proportional to the length of the text, in the worst case times the length of the pattern: no
 * text, however hostile, can make a match slow. Immutable and safe to share between threads.
 */
public sealed interface TextMatch extends Serializable
        permits TextMatch.Any, TextMatch.Exactly, TextMatch.Prefix, TextMatch.Glob, TextMatch.Regex, TextMatch.AnyOf {

    /** Maximum number of characters of a glob. */
    int MAX_GLOB = 1_000;

    /**
     * Number of characters that count as one element: a plain text takes less memory than an expression of equal
     * length.
     */
    int CHARACTERS_OF_ELEMENT = 16;

    /** Matches every text, including the empty one. */
    TextMatch ANY = new Any();

    /** Whether the text meets this condition. */
    boolean matches(String text);

    /**
     * Whether this is certain to match every text that {@code other} matches. False means "no" or "unknown", so that no
     * rule is wrongly reported as unreachable.
     */
    boolean covers(TextMatch other);

    /**
     * The cost in memory and in matching: roughly the number of characters of the text or pattern, with repeats
     * expanded.
     */
    int size();

    /** Matches exactly this text. */
    static TextMatch exactly(String text) {
        return new Exactly(text);
    }

    /** Matches every text with this prefix. */
    static TextMatch prefix(String prefix) {
        return prefix.isEmpty() ? ANY : new Prefix(prefix);
    }

    /**
     * Matches by a glob, as in a shell: {@code *} is any run of characters, {@code ?} any one character, {@code [a-z]}
     * one of a range, {@code [!a-z]} one outside it; a backslash escapes the next character.
     *
     * @throws IllegalArgumentException when the pattern is not well-formed; the message says where
     */
    static TextMatch glob(String pattern) {
        if (pattern.length() > MAX_GLOB) {
            throw new IllegalArgumentException(
                    "the pattern has " + pattern.length() + " characters, more than " + MAX_GLOB);
        }
        return storedGlob(pattern);
    }

    /** As {@link #glob}, without its limit on length. */
    static TextMatch storedGlob(String pattern) {
        GlobPattern glob = GlobPattern.parse(pattern);
        // Many globs are a plain text or a prefix.
        if (glob.isLiteral()) {
            return exactly(glob.literalStart());
        }
        return glob.isPrefix() ? prefix(glob.literalStart()) : new Glob(glob);
    }

    /**
     * Matches by a regular expression in the syntax of RE2: no back-references and no look-around, in exchange for
     * linear time. {@code .} also matches a line break. The expression must match the whole text. Its length, its
     * nesting and its size with repeats expanded are limited, far above any real expression (see {@link RegexSize}).
     *
     * @throws IllegalArgumentException when the expression is not well-formed; the message says what is wrong
     */
    static TextMatch regex(String expression) {
        RegexSize.check(expression);
        return storedRegex(expression);
    }

    /**
     * As {@link #regex}, without its limits on size, because an expression that an earlier build stored has been
     * compiled before.
     */
    static TextMatch storedRegex(String expression) {
        try {
            return new Regex(Pattern.compile(expression, Pattern.DOTALL));
        } catch (PatternSyntaxException e) {
            // The library prepends the flags to the expression.
            throw new IllegalArgumentException(
                    e.getDescription() + ": " + e.getPattern().replace("(?s)", ""), e);
        } catch (RuntimeException | StackOverflowError e) {
            // Any other exception of the parser means the same.
            throw new IllegalArgumentException("the expression cannot be compiled (" + e + ")", e);
        }
    }

    /** Matches every text that at least one of these matches. */
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
        public int size() {
            return 1;
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
        public int size() {
            return 1 + text.length() / CHARACTERS_OF_ELEMENT;
        }

        @Override
        public String toString() {
            return "'" + ForeignText.visible(text) + "'";
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
                    || (other instanceof Glob glob
                            && glob.pattern().literalStart().startsWith(prefix));
        }

        @Override
        public int size() {
            return 1 + prefix.length() / CHARACTERS_OF_ELEMENT;
        }

        @Override
        public String toString() {
            return "prefix '" + ForeignText.visible(prefix) + "'";
        }
    }

    /** See {@link TextMatch#glob}. */
    record Glob(GlobPattern pattern) implements TextMatch {
        @Override
        public boolean matches(String text) {
            return pattern.matches(text);
        }

        @Override
        public boolean covers(TextMatch other) {
            if (other instanceof AnyOf several) {
                return several.areCoveredBy(this);
            }
            return (other instanceof Exactly exactly && matches(exactly.text()))
                    || (other instanceof Prefix prefix && pattern.covers(GlobPattern.ofPrefix(prefix.prefix())))
                    || (other instanceof Glob glob && pattern.covers(glob.pattern()));
        }

        @Override
        public int size() {
            return 1 + pattern.tokens().size();
        }

        @Override
        public String toString() {
            return "glob '" + ForeignText.visible(pattern.text()) + "'";
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
        public int size() {
            return RegexSize.of(pattern.pattern());
        }

        @Override
        public String toString() {
            return "regex '" + ForeignText.visible(pattern.pattern()) + "'";
        }
    }

    /** See {@link TextMatch#anyOf}. */
    record AnyOf(List<TextMatch> alternatives) implements TextMatch {

        public AnyOf {
            alternatives = List.copyOf(alternatives);
            if (alternatives.isEmpty()) {
                throw new IllegalArgumentException("no alternatives");
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
        public int size() {
            return (int) Math.min(
                    Integer.MAX_VALUE,
                    alternatives.stream().mapToLong(TextMatch::size).sum());
        }

        @Override
        public String toString() {
            return String.join(
                    " or ", alternatives.stream().map(TextMatch::toString).toList());
        }
    }
}
