package io.slsdispatch.job.rules;

import java.util.ArrayList;
import java.util.List;

/** Reads a glob into its tokens. */
final class GlobParser {

    private final String pattern;
    private final int[] characters;
    private int position;

    GlobParser(String pattern) {
        this.pattern = pattern;
        this.characters = pattern.codePoints().toArray();
    }

    List<Glob.Token> tokens() {
        List<Glob.Token> tokens = new ArrayList<>();
        while (position < characters.length) {
            int character = characters[position++];
            Glob.Token token =
                    switch (character) {
                        case '*' -> new Glob.AnyRun();
                        case '?' -> new Glob.AnyOne();
                        case '[' -> oneOf();
                        case '\\' -> new Glob.One(escaped());
                        default -> new Glob.One(character);
                    };
            boolean secondRunInARow = token instanceof Glob.AnyRun
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
            throw mistake("a backslash with nothing after it");
        }
        return characters[position++];
    }

    private Glob.Token oneOf() {
        int start = position;
        boolean negated = position < characters.length && characters[position] == '!';
        if (negated) {
            position++;
        }
        List<Integer> bounds = new ArrayList<>();
        while (true) {
            if (position == characters.length) {
                throw mistake("the '[' at character " + start + " has no ']'");
            }
            int first = characters[position++];
            if (first == ']') {
                break;
            }
            first = first == '\\' ? escaped() : first;
            int last = first;
            if (position + 1 < characters.length && characters[position] == '-' && characters[position + 1] != ']') {
                position++;
                last = characters[position++];
                last = last == '\\' ? escaped() : last;
            }
            if (last < first) {
                throw mistake("a range in '[...]' that runs backwards");
            }
            bounds.add(first);
            bounds.add(last);
        }
        if (bounds.isEmpty()) {
            throw mistake("'[]' matches nothing");
        }
        return new Glob.OneOf(List.copyOf(bounds), negated);
    }

    private IllegalArgumentException mistake(String what) {
        return new IllegalArgumentException(what + ": " + pattern);
    }
}
