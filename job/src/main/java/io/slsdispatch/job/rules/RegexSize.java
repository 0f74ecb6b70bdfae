package io.slsdispatch.job.rules;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How large a regular expression becomes when its repeats are written out, found without compiling it: the compiler copies
 * what is repeated, so that 30 characters can exhaust the heap, and it and the matcher call themselves once for each
 * part that may be empty. Never less than what the compiler makes; what is not well-formed is left to the compiler.
 */
final class RegexSize {

    /** Characters. */
    static final int MAX_LENGTH = 10_000;

    /** Groups inside each other. */
    static final int MAX_NESTING = 100;

    /** Characters, classes, groups and repeats, each as often as it is repeated; some 60 bytes each. */
    static final int MAX_ELEMENTS = 10_000;

    /** Elements in a row that may all match nothing: as deep as that the matcher calls itself. */
    static final int MAX_EMPTY = 2_000;

    private static final long SATURATED = Integer.MAX_VALUE;

    /** A part: its elements, whether it can match nothing, and how many elements in a row in it can. */
    private record Part(long elements, boolean isEmpty, long empties) {

        static final Part NOTHING = new Part(0, true, 0);
        static final Part CHARACTER = new Part(1, false, 0);
        static final Part PLACE = new Part(1, true, 1);
    }

    /** An open group: its branches so far, and the present one. */
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

        /** The last part gets no repeat any more. */
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

    /** @throws IllegalArgumentException when anything is above its limit; the message says what
     */
    static void check(String expression) {
        if (expression.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("the expression has " + expression.length() + " characters, more than "
                    + MAX_LENGTH + "; write several rules");
        }
        RegexSize size = new RegexSize(expression);
        Part whole = size.whole();
        if (size.nesting > MAX_NESTING) {
            throw new IllegalArgumentException("its groups are nested more than " + MAX_NESTING + " deep");
        }
        if (whole.elements > MAX_ELEMENTS) {
            throw new IllegalArgumentException("with its repeats written out it has more than " + MAX_ELEMENTS
                    + " elements; repeat less, or use '*' or '+'");
        }
        if (whole.empties > MAX_EMPTY) {
            throw new IllegalArgumentException(
                    "more than " + MAX_EMPTY + " elements in a row may match nothing; repeat less what is optional");
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
            // It makes the repeat a reluctant one.
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

    /** Behind a '{', which is itself when no repeat follows. */
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
        // A ']' at the begin is a member.
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
