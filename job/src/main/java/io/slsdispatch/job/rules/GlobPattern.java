package io.slsdispatch.job.rules;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A parsed glob pattern, as in a shell: {@code *}, {@code ?}, {@code [a-z]}, {@code [!a-z]} and a backslash. It
 * consists of tokens. Each matches exactly one character, except {@link AnyRun}.
 *
 * @param text the pattern as written
 * @param tokens the parsed tokens
 */
record GlobPattern(String text, List<Token> tokens) implements Serializable {

    /** One element of the pattern. */
    sealed interface Token extends Serializable {
        /** Whether this token matches this character. */
        boolean takes(int codePoint);
    }

    /** The given character. */
    record One(int codePoint) implements Token {
        @Override
        public boolean takes(int candidate) {
            return candidate == codePoint;
        }
    }

    /** {@code ?} */
    record AnyOne() implements Token {
        @Override
        public boolean takes(int codePoint) {
            return true;
        }
    }

    /** {@code [...]}: pairs of first and last character. */
    record OneOf(List<Integer> bounds, boolean negated) implements Token {
        @Override
        public boolean takes(int codePoint) {
            for (int i = 0; i < bounds.size(); i += 2) {
                if (bounds.get(i) <= codePoint && codePoint <= bounds.get(i + 1)) {
                    return !negated;
                }
            }
            return negated;
        }
    }

    /** {@code *} */
    record AnyRun() implements Token {
        @Override
        public boolean takes(int codePoint) {
            return true;
        }
    }

    GlobPattern {
        tokens = List.copyOf(tokens);
    }

    /** @throws IllegalArgumentException when the pattern is not well-formed; the message says where */
    static GlobPattern parse(String text) {
        return new GlobPattern(text, new Parser(text).tokens());
    }

    /** The pattern that matches every text with this prefix. */
    static GlobPattern ofPrefix(String prefix) {
        List<Token> tokens = new ArrayList<>();
        prefix.codePoints().forEach(codePoint -> tokens.add(new One(codePoint)));
        tokens.add(new AnyRun());
        return new GlobPattern(prefix, tokens);
    }

    /** Whether it has no wildcard. */
    boolean isLiteral() {
        return literals() == tokens.size();
    }

    /** Whether its only wildcard is a run at its end. */
    boolean isPrefix() {
        int literals = literals();
        return literals == tokens.size() - 1 && tokens.get(literals) instanceof AnyRun;
    }

    private int literals() {
        String start = literalStart();
        return start.codePointCount(0, start.length());
    }

    /** The characters before the first wildcard. */
    String literalStart() {
        StringBuilder start = new StringBuilder();
        for (Token token : tokens) {
            if (!(token instanceof One one)) {
                break;
            }
            start.appendCodePoint(one.codePoint());
        }
        return start.toString();
    }

    boolean matches(String candidate) {
        int position = 0;
        int token = 0;
        int runToken = -1;
        int runPosition = 0;
        while (position < candidate.length()) {
            int codePoint = candidate.codePointAt(position);
            if (token < tokens.size() && tokens.get(token) instanceof AnyRun) {
                runToken = token++;
                runPosition = position;
            } else if (token < tokens.size() && tokens.get(token).takes(codePoint)) {
                token++;
                position += Character.charCount(codePoint);
            } else if (runToken >= 0) {
                // The last run takes one more character. There is no need to backtrack into earlier runs.
                runPosition += Character.charCount(candidate.codePointAt(runPosition));
                position = runPosition;
                token = runToken + 1;
            } else {
                return false;
            }
        }
        while (token < tokens.size() && tokens.get(token) instanceof AnyRun) {
            token++;
        }
        return token == tokens.size();
    }

    /**
     * Whether this pattern is certain to match every text that the other matches. It matches this pattern against the
     * tokens of the other as if they were characters: a run matches any token, and only a run matches a run of the
     * other. True is certain; false may be wrong.
     */
    boolean covers(GlobPattern other) {
        List<Token> others = other.tokens;
        boolean[] reachable = new boolean[others.size() + 1];
        reachable[0] = true;
        for (Token token : tokens) {
            boolean[] next = new boolean[others.size() + 1];
            for (int i = 0; i <= others.size(); i++) {
                if (token instanceof AnyRun) {
                    next[i] = reachable[i] || (i > 0 && next[i - 1]);
                } else {
                    next[i] = i > 0 && reachable[i - 1] && takesAllOf(token, others.get(i - 1));
                }
            }
            reachable = next;
        }
        return reachable[others.size()];
    }

    private static boolean takesAllOf(Token token, Token other) {
        return (other instanceof One one && token.takes(one.codePoint()))
                || (token instanceof AnyOne && !(other instanceof AnyRun))
                || (token instanceof OneOf && token.equals(other));
    }

    /** Reads a pattern into its tokens. */
    private static final class Parser {

        private final String pattern;
        private final int[] characters;
        private int position;

        Parser(String pattern) {
            this.pattern = pattern;
            this.characters = pattern.codePoints().toArray();
        }

        List<Token> tokens() {
            List<Token> tokens = new ArrayList<>();
            while (position < characters.length) {
                int character = characters[position++];
                Token token =
                        switch (character) {
                            case '*' -> new AnyRun();
                            case '?' -> new AnyOne();
                            case '[' -> oneOf();
                            case '\\' -> new One(escaped());
                            default -> new One(character);
                        };
                boolean secondRunInARow = token instanceof AnyRun
                        && !tokens.isEmpty()
                        && tokens.get(tokens.size() - 1).equals(token);
                if (!secondRunInARow) {
                    tokens.add(token);
                }
            }
            return tokens;
        }

        private int escaped() {
            if (position == characters.length) {
                throw error("a trailing backslash");
            }
            return characters[position++];
        }

        private Token oneOf() {
            int start = position;
            boolean negated = position < characters.length && characters[position] == '!';
            if (negated) {
                position++;
            }
            List<Integer> bounds = new ArrayList<>();
            while (true) {
                if (position == characters.length) {
                    throw error("the '[' at character " + start + " has no ']'");
                }
                int first = characters[position++];
                if (first == ']') {
                    break;
                }
                first = first == '\\' ? escaped() : first;
                int last = first;
                if (position + 1 < characters.length
                        && characters[position] == '-'
                        && characters[position + 1] != ']') {
                    position++;
                    last = characters[position++];
                    last = last == '\\' ? escaped() : last;
                }
                if (last < first) {
                    throw error("a range in '[...]' whose end is before its start");
                }
                bounds.add(first);
                bounds.add(last);
            }
            if (bounds.isEmpty()) {
                throw error("'[]' matches nothing");
            }
            return new OneOf(List.copyOf(bounds), negated);
        }

        private IllegalArgumentException error(String what) {
            return new IllegalArgumentException(what + ": " + pattern);
        }
    }
}
