package io.slsdispatch.job.template;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A template for names of logstores: text with at least one placeholder of {@code {topic}}, {@code {source}} and {@code
 * {tag:NAME}}.
 *
 * @param text the template as written
 * @param parts its parts, in order
 */
public record NameTemplate(String text, List<Part> parts) implements Serializable {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");
    private static final Pattern LITERAL = Pattern.compile("[a-z0-9_-]*");
    private static final String TAG = "tag:";

    /** The longest template, far above any name of a logstore. */
    private static final int MAX_LENGTH = 1000;

    /** A part of a template. */
    public sealed interface Part extends Serializable {}

    /** Characters of the name. */
    public record Literal(String text) implements Part {}

    /** The topic of the group. */
    public record Topic() implements Part {}

    /** The source of the group. */
    public record Source() implements Part {}

    /** The value of a tag of the group. */
    public record Tag(String key) implements Part {}

    public NameTemplate {
        parts = List.copyOf(parts);
    }

    /** Whether a value of the option {@code logstore} is a template and not a name. */
    public static boolean isTemplate(String text) {
        return text.indexOf('{') >= 0 || text.indexOf('}') >= 0;
    }

    /**
     * Parses a template.
     *
     * @throws IllegalArgumentException when it is invalid; the message says why
     */
    public static NameTemplate parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("it has more than " + MAX_LENGTH + " characters");
        }
        List<Part> parts = new ArrayList<>();
        Matcher placeholder = PLACEHOLDER.matcher(text);
        int from = 0;
        while (placeholder.find()) {
            addLiteral(text.substring(from, placeholder.start()), parts);
            parts.add(part(placeholder.group(1)));
            from = placeholder.end();
        }
        addLiteral(text.substring(from), parts);
        if (parts.stream().allMatch(Literal.class::isInstance)) {
            throw new IllegalArgumentException("it has no placeholder: {topic}, {source} or {tag:NAME}");
        }
        return new NameTemplate(text, parts);
    }

    private static void addLiteral(String text, List<Part> parts) {
        if (!LITERAL.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text + "' contains characters that names of logstores do not have;"
                    + " expected a-z, 0-9, '-', '_', and the placeholders {topic}, {source} and {tag:NAME}");
        }
        if (!text.isEmpty()) {
            parts.add(new Literal(text));
        }
    }

    private static Part part(String name) {
        if (name.equals("topic")) {
            return new Topic();
        }
        if (name.equals("source")) {
            return new Source();
        }
        if (name.startsWith(TAG) && name.length() > TAG.length()) {
            return new Tag(name.substring(TAG.length()));
        }
        throw new IllegalArgumentException("the placeholder {" + name + "} is unknown; expected {topic}, {source} or"
                + " {tag:NAME}, for example {tag:__hostname__}");
    }

    /** Whether the topic alone makes the name. */
    public boolean needsTopicOnly() {
        return parts.stream().allMatch(part -> part instanceof Topic || part instanceof Literal);
    }

    @Override
    public String toString() {
        return text;
    }
}
