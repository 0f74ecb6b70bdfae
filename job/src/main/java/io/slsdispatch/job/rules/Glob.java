package io.slsdispatch.job.rules;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A shell-like pattern; see {@link TextMatch#glob}. Made of tokens, of which only {@link AnyRun} stands for more or less
 * than one character.
 */
record Glob(String pattern, List<Token> tokens) implements TextMatch {

    /** One element of the pattern. */
    sealed interface Token extends Serializable {
        /** Whether this token takes this one character. */
        boolean takes(int codePoint);
    }

    /** This character. */
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

    Glob {
        tokens = List.copyOf(tokens);
    }

    static Glob parse(String pattern) {
        return new Glob(pattern, new GlobParser(pattern).tokens());
    }

    /** The same in the simplest form that says it: many globs are a plain text or a prefix. */
    TextMatch simplified() {
        String start = literalStart();
        int literal = start.codePointCount(0, start.length());
        if (literal == tokens.size()) {
            return TextMatch.exactly(start);
        }
        boolean onlyRunLeft = literal == tokens.size() - 1 && tokens.get(literal) instanceof AnyRun;
        return onlyRunLeft ? TextMatch.prefix(start) : this;
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

    @Override
    public boolean matches(String text) {
        int position = 0;
        int token = 0;
        int runToken = -1;
        int runPosition = 0;
        while (position < text.length()) {
            int codePoint = text.codePointAt(position);
            if (token < tokens.size() && tokens.get(token) instanceof AnyRun) {
                runToken = token++;
                runPosition = position;
            } else if (token < tokens.size() && tokens.get(token).takes(codePoint)) {
                token++;
                position += Character.charCount(codePoint);
            } else if (runToken >= 0) {
                // The last run takes one character more. Earlier runs need no second look: what they took is fine.
                runPosition += Character.charCount(text.codePointAt(runPosition));
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

    @Override
    public boolean covers(TextMatch other) {
        if (other instanceof AnyOf several) {
            return several.alternatives().stream().allMatch(this::covers);
        }
        return (other instanceof Exactly exactly && matches(exactly.text()))
                || (other instanceof Prefix prefix && coversTokens(tokensOf(prefix)))
                || (other instanceof Glob glob && coversTokens(glob.tokens));
    }

    private static List<Token> tokensOf(Prefix prefix) {
        List<Token> tokens = new ArrayList<>();
        prefix.prefix().codePoints().forEach(codePoint -> tokens.add(new One(codePoint)));
        tokens.add(new AnyRun());
        return tokens;
    }

    /**
     * Matches this pattern against the other's tokens as if they were characters: a run takes any token, a run of the
     * other only a run. What it finds is certain; it does not find everything.
     */
    private boolean coversTokens(List<Token> others) {
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

    @Override
    public int size() {
        return 1 + tokens.size();
    }

    @Override
    public String toString() {
        return "glob '" + pattern + "'";
    }
}
