package io.slsdispatch.job.rules;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The size of a regular expression with its repeats expanded, computed without compiling it. The compiler copies
 * repeated parts, so that 30 characters can exhaust the heap, and both the compiler and the matcher recurse once for
 * each part that may be empty. The size is never below that of the compiled expression. Malformed expressions are left
 * to the compiler.
 */
final class RegexSize {

    /** Maximum number of characters. */
    static final int MAX_LENGTH = 10_000;

    /** Maximum nesting depth of groups. */
    static final int MAX_NESTING = 100;

    /**
     * Maximum number of characters, classes, groups and repeats, each counted as often as it is repeated; about 60
     * bytes each.
     */
    static final int MAX_ELEMENTS = 10_000;

    /**
     * Maximum number of consecutive elements that may all match nothing; this is the recursion depth of the matcher.
     */
    static final int MAX_EMPTY = 2_000;

    private static final long SATURATED = Integer.MAX_VALUE;

    /**
     * A part: the number of its elements, whether it can match nothing, and how many consecutive elements in it can.
     */
    private record Part(long elements, boolean isEmpty, long empties) {

        static final Part NOTHING = new Part(0, true, 0);
        static final Part CHARACTER = new Part(1, false, 0);
        static final Part PLACE = new Part(1, true, 1);
    }

    /** An open group: its branches so far, and the current one. */
    private static final class Group {
        private long elements;
        private long branches = 1;
        private boolean anyEmpty;
        private long mostEmpties;

        private long run;
        private boolean isEmpty = true;
        private Part last = Part.NOTHING;

        void add(Part next) {
            settle();
            last = next;
        }

        /** Closes the last part, which gets no further repeat. */
        private void settle() {
            elements = saturated(elements + last.elements);
            long through = saturated(run + last.empties);
            mostEmpties = Math.max(mostEmpties, through);
            run = last.isEmpty ? through : last.empties;
            isEmpty &= last.isEmpty;
            last = Part.NOTHING;
        }

        void branch() {
            settle();
            branches++;
            elements++;
            anyEmpty |= isEmpty;
            isEmpty = true;
            run = 0;
        }

        Part whole() {
            settle();
            return new Part(
                    Math.max(1, saturated(elements + 2)), anyEmpty || isEmpty, saturated(mostEmpties + branches + 2));
        }
    }

    private final String expression;
    private final Deque<Group> open = new ArrayDeque<>();
    private Group group = new Group();
    private int position;
    private int nesting;
    private boolean repeated;

    private RegexSize(String expression) {
        this.expression = expression;
    }

    /** The number of elements, whatever the limits. */
    static int of(String expression) {
        return (int) new RegexSize(expression).whole().elements;
    }

    /** @throws IllegalArgumentException when a limit is exceeded; the message says which */
    static void check(String expression) {
        if (expression.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("the expression has " + expression.length() + " characters, more than "
                    + MAX_LENGTH + "; split it into several rules");
        }
        RegexSize size = new RegexSize(expression);
        Part whole = size.whole();
        if (size.nesting > MAX_NESTING) {
            throw new IllegalArgumentException("its groups are nested deeper than " + MAX_NESTING + " levels");
        }
        if (whole.elements > MAX_ELEMENTS) {
            throw new IllegalArgumentException("with its repetitions expanded it has more than " + MAX_ELEMENTS
                    + " elements; use smaller repetitions, or '*' or '+'");
        }
        if (whole.empties > MAX_EMPTY) {
            throw new IllegalArgumentException(
                    "more than " + MAX_EMPTY + " consecutive elements are optional; make fewer of them optional");
        }
    }

    private Part whole() {
        while (position < expression.length()) {
            next();
            nesting = Math.max(nesting, open.size());
        }
        while (!open.isEmpty()) {
            close();
        }
        return group.whole();
    }

    private void next() {
        boolean afterRepeat = repeated;
        repeated = false;
        char character = expression.charAt(position++);
        if (character == '?' && afterRepeat) {
            // The '?' makes the repeat reluctant.
            return;
        }
        switch (character) {
            case '(' -> openGroup();
            case ')' -> close();
            case '|' -> group.branch();
            case '*', '?' -> repeat(0, 1);
            case '+' -> repeat(1, 1);
            case '{' -> braces();
            case '[' -> {
                skipClass();
                group.add(Part.CHARACTER);
            }
            case '^', '$' -> group.add(Part.PLACE);
            case '\\' -> escape();
            default -> group.add(Part.CHARACTER);
        }
    }

    private void openGroup() {
        if (expression.startsWith("?", position)) {
            int end = position + 1;
            while (end < expression.length() && ":)>".indexOf(expression.charAt(end)) < 0) {
                end++;
            }
            boolean onlyFlags = end < expression.length() && expression.charAt(end) == ')';
            position = Math.min(end + 1, expression.length());
            if (onlyFlags) {
                return;
            }
        }
        open.push(group);
        group = new Group();
    }

    private void close() {
        Part whole = group.whole();
        if (!open.isEmpty()) {
            group = open.pop();
            group.add(whole);
        }
    }

    private void repeat(long least, long most) {
        Part part = group.last;
        repeated = true;
        long times = Math.max(1, most);
        boolean isEmpty = part.isEmpty || least == 0;
        long empties =
                part.isEmpty ? saturated((part.empties + 1) * times) : saturated(part.empties * Math.min(times, 2) + 1);
        group.last = new Part(saturated(part.elements * times + Math.max(1, most - least)), isEmpty, empties);
    }

    /** Parses after a '{', which is a literal when no repeat follows. */
    private void braces() {
        int end = expression.indexOf('}', position);
        String inside = end < 0 ? "" : expression.substring(position, Math.min(end, position + 24));
        int comma = inside.indexOf(',');
        long least = number(comma < 0 ? inside : inside.substring(0, comma));
        long most = comma < 0 ? least : comma == inside.length() - 1 ? least + 1 : number(inside.substring(comma + 1));
        if (least < 0 || most < least) {
            group.add(Part.CHARACTER);
            return;
        }
        position = end + 1;
        repeat(least, most);
    }

    private static long number(String digits) {
        if (digits.isEmpty() || !digits.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
            return -1;
        }
        return digits.length() > 9 ? SATURATED : Long.parseLong(digits);
    }

    private void skipClass() {
        if (expression.startsWith("^", position)) {
            position++;
        }
        // A ']' at the beginning is a member of the class.
        boolean first = true;
        while (position < expression.length() && (first || expression.charAt(position) != ']')) {
            first = false;
            if (expression.startsWith("[:", position) && expression.indexOf(":]", position + 2) > 0) {
                position = expression.indexOf(":]", position + 2) + 2;
            } else {
                position += expression.charAt(position) == '\\' ? 2 : 1;
            }
        }
        position = Math.min(position + 1, expression.length());
    }

    private void escape() {
        char kind = position < expression.length() ? expression.charAt(position++) : '\\';
        if (kind == 'Q') {
            int end = expression.indexOf("\\E", position);
            int until = end < 0 ? expression.length() : end;
            for (; position < until; position++) {
                group.add(Part.CHARACTER);
            }
            position = end < 0 ? until : end + 2;
            return;
        }
        if ("xpP".indexOf(kind) >= 0 && expression.startsWith("{", position)) {
            int end = expression.indexOf('}', position);
            position = end < 0 ? expression.length() : end + 1;
        }
        group.add("bBAz".indexOf(kind) >= 0 ? Part.PLACE : Part.CHARACTER);
    }

    private static long saturated(long value) {
        return Math.min(value, SATURATED);
    }
}
