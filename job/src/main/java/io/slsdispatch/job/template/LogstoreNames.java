package io.slsdispatch.job.template;

import io.slsdispatch.connector.config.NamePatterns;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.text.ForeignText;
import io.slsdispatch.job.rules.Explanation.Labels;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Names of the logstores of one target by template.
 *
 * <p>A name is made from the template. In the values of its placeholders, A to Z become lower case, and every other
 * character that names of logstores do not have becomes one '-'. Then '-' and '_' at the beginning and the end of the
 * whole name are removed. The result is valid when each value has at least one letter or digit, the name has 3 to 63
 * characters, a pattern of {@code allow} matches it, and the job uses it for nothing else. Names are never cut: two long
 * topics would meet in one logstore.
 *
 * @param template makes the names
 * @param allow patterns of the names that the target may write
 * @param taken names in the target's project that the job uses for something else, and for what
 */
public record LogstoreNames(NameTemplate template, NamePatterns allow, Map<String, String> taken)
        implements Serializable {

    private static final int MIN_LENGTH = 3;
    private static final int MAX_LENGTH = 63;
    private static final int SHOWN_LENGTH = 80;

    /**
     * The name for a log group.
     *
     * @param logstore the name; null when there is no valid one
     * @param problem why there is none; null when there is one
     */
    public record Name(@Nullable String logstore, @Nullable String problem) {

        static Name valid(String logstore) {
            return new Name(logstore, null);
        }

        static Name invalid(String problem) {
            return new Name(null, problem);
        }
    }

    /** Thrown for a value from which no name can be made. */
    private static final class InvalidValueException extends Exception {

        private static final long serialVersionUID = 1L;

        InvalidValueException(String message) {
            super(message, null, false, false);
        }
    }

    public LogstoreNames {
        // A TreeMap and not Map.copyOf: the order must not change between runs.
        taken = new TreeMap<>(taken);
    }

    /** The name for a group with these labels. */
    public Name of(Labels labels) {
        StringBuilder made = new StringBuilder();
        try {
            for (NameTemplate.Part part : template.parts()) {
                if (part instanceof NameTemplate.Literal literal) {
                    made.append(literal.text());
                } else {
                    append(made, part, labels);
                }
            }
        } catch (InvalidValueException e) {
            return Name.invalid(String.valueOf(e.getMessage()));
        }
        String name = stripped(made);
        String problem = problemOf(name);
        return problem == null ? Name.valid(name) : Name.invalid(problem);
    }

    /** The name for a group whose rule names the logstore outright. */
    public Name ofOutright(String logstore) {
        String problem = problemOf(logstore);
        return problem == null ? Name.valid(logstore) : Name.invalid(problem);
    }

    /** Why the target cannot write a logstore of this name; null when it can. */
    public @Nullable String problemOf(String name) {
        if (name.length() < MIN_LENGTH || name.length() > MAX_LENGTH) {
            return "the name '" + shown(name) + "' has " + name.length() + " characters; expected " + MIN_LENGTH
                    + " to " + MAX_LENGTH;
        }
        if (!LogstoreId.isLogstoreName(name)) {
            return "'" + shown(name) + "' is not a name of a logstore; expected a-z, 0-9, '-' and '_', first and last a"
                    + " letter or digit";
        }
        if (!allow.allow(name)) {
            return "the name '" + name + "' does not match 'allow' (" + String.join(", ", allow.patterns()) + ")";
        }
        String use = taken.get(name);
        return use == null ? null : "the logstore '" + name + "' is " + use;
    }

    private static void append(StringBuilder made, NameTemplate.Part part, Labels labels) throws InvalidValueException {
        String what = describe(part);
        String value = value(part, labels, what);
        boolean hasLetterOrDigit = false;
        for (int i = 0; i < value.length(); ) {
            int c = value.codePointAt(i);
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                // A byte that is not UTF-8, see EscapedUtf8.
                throw new InvalidValueException(what + " is not UTF-8");
            }
            int lower = c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
            boolean isLetterOrDigit = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
            made.append(isLetterOrDigit || lower == '_' ? (char) lower : '-');
            hasLetterOrDigit |= isLetterOrDigit;
            i += Character.charCount(c);
        }
        if (!hasLetterOrDigit) {
            throw new InvalidValueException(what + " has none of a-z, A-Z and 0-9");
        }
    }

    private static String value(NameTemplate.Part part, Labels labels, String what) throws InvalidValueException {
        List<String> values = values(part, labels);
        if (values.isEmpty()) {
            throw new InvalidValueException(what + " is missing");
        }
        if (values.stream().distinct().count() > 1) {
            throw new InvalidValueException(what + " has several values");
        }
        if (values.get(0).isEmpty()) {
            throw new InvalidValueException(what + " is empty");
        }
        return values.get(0);
    }

    private static List<String> values(NameTemplate.Part part, Labels labels) {
        if (part instanceof NameTemplate.Tag tag) {
            return labels.tags().getOrDefault(tag.key(), List.of());
        }
        return List.of(part instanceof NameTemplate.Topic ? labels.topic() : labels.source());
    }

    private static String describe(NameTemplate.Part part) {
        if (part instanceof NameTemplate.Tag tag) {
            return "the tag '" + ForeignText.visible(tag.key()) + "'";
        }
        return part instanceof NameTemplate.Topic ? "the topic" : "the source";
    }

    /** The values from which a name is made, as one text: equal for groups that certainly have the same name. */
    Optional<String> valuesOf(Labels labels) {
        StringBuilder text = new StringBuilder();
        for (NameTemplate.Part part : template.parts()) {
            if (!(part instanceof NameTemplate.Literal)) {
                List<String> values = values(part, labels);
                if (values.isEmpty()) {
                    return Optional.empty();
                }
                text.append(text.isEmpty() ? "" : ", ").append(values.get(0));
            }
        }
        return Optional.of(text.toString());
    }

    private static String stripped(CharSequence name) {
        int from = 0;
        int to = name.length();
        while (from < to && isFiller(name.charAt(from))) {
            from++;
        }
        while (to > from && isFiller(name.charAt(to - 1))) {
            to--;
        }
        return name.subSequence(from, to).toString();
    }

    private static boolean isFiller(char c) {
        return c == '-' || c == '_';
    }

    private static String shown(String name) {
        String visible = ForeignText.visible(name);
        return visible.length() <= SHOWN_LENGTH ? visible : visible.substring(0, SHOWN_LENGTH) + "…";
    }
}
