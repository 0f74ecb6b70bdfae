package io.slsdispatch.job.yaml;

import io.slsdispatch.connector.text.ForeignText;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.common.SpecVersion;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;

/**
 * Finds text that YAML reads differently from how it looks: tags, which this program does not use; directives; values
 * that begin with {@code &}; values without quotes that continue on the next line; words that other readers of YAML take
 * for no value; invisible characters; and characters that only some programs take for a line break. Messages do not
 * repeat the text, since a tag or anchor may be a secret in the wrong place.
 */
final class YamlPitfalls {

    /** No value in the core schema of YAML 1.2 and in YAML 1.1, but text in its JSON schema, which applies here. */
    private static final Set<String> NULLS_ELSEWHERE = Set.of("~", "Null", "NULL");

    private static final int NEXT_LINE = 0x85;
    private static final int ZERO_WIDTH_NON_JOINER = 0x200c;
    private static final int ZERO_WIDTH_JOINER = 0x200d;
    private static final int LINE_SEPARATOR = 0x2028;
    private static final int PARAGRAPH_SEPARATOR = 0x2029;
    private static final int IDEOGRAPHIC_SPACE = 0x3000;

    private final String name;
    private final int[] content;
    private final ConfigErrors errors;
    private final Map<String, Mark> anchorsOfValues = new LinkedHashMap<>();
    private final Set<String> aliases = new HashSet<>();

    /**
     * Creates a search for such text in one file.
     *
     * @param name of the file, for messages
     */
    YamlPitfalls(String name, String content, ConfigErrors errors) {
        this.name = name;
        this.content = content.codePoints().toArray();
        this.errors = errors;
    }

    /** Looks at the next event of the text. */
    void see(Event event) {
        if (event instanceof DocumentStartEvent start) {
            seeDirectives(start);
        } else if (event instanceof ScalarEvent scalar) {
            seeTag(scalar.getTag(), event);
            seeValue(scalar);
        } else if (event instanceof CollectionStartEvent collection) {
            seeTag(collection.getTag(), event);
        } else if (event instanceof AliasEvent alias) {
            aliases.add(alias.getAlias().getValue());
        }
    }

    /** To be called after the last event. */
    void finish() {
        anchorsOfValues.forEach((anchor, mark) -> {
            if (!aliases.contains(anchor)) {
                add(
                        mark,
                        "A word that begins with '&' is an anchor of YAML and no part of the value, and no alias uses"
                                + " this one.",
                        "Write a value that begins with '&' in quotes, or remove the anchor.");
            }
        });
        seeLinesAndDirections();
    }

    private void seeDirectives(DocumentStartEvent start) {
        Optional<SpecVersion> version = start.getSpecVersion();
        if (version.isPresent()
                && (version.get().getMajor() != 1 || version.get().getMinor() != 2)) {
            add(
                    start.getStartMark().orElse(null),
                    "The directive %YAML names another version; the file is read as YAML 1.2.",
                    "Remove the directive.");
        }
        if (!start.getTags().isEmpty()) {
            add(start.getStartMark().orElse(null), "The directive %TAG has no effect.", "Remove the directive.");
        }
    }

    private void seeTag(Optional<String> tag, Event event) {
        if (tag.isPresent()) {
            add(
                    event.getStartMark().orElse(null),
                    "A word that begins with '!' is a tag of YAML and no part of the value; tags are not supported.",
                    "Write a value that begins with '!' in quotes, or remove the tag.");
        }
    }

    private void seeValue(ScalarEvent scalar) {
        Mark begin = scalar.getStartMark().orElse(null);
        Mark end = scalar.getEndMark().orElse(null);
        if (begin == null || end == null) {
            return;
        }
        if (scalar.getScalarStyle() == ScalarStyle.PLAIN) {
            anchor(scalar).ifPresent(anchor -> anchorsOfValues.put(anchor, begin));
            if (begin.getLine() != end.getLine() && !scalar.getValue().isEmpty()) {
                add(
                        begin,
                        "A value without quotes continues on the next line; YAML joins the lines with a space.",
                        "Write it on one line or in quotes. If the next line is meant as a key or a list item, correct"
                                + " the indentation.");
            }
            if (NULLS_ELSEWHERE.contains(scalar.getValue())) {
                add(
                        begin,
                        "Other readers of YAML take this for no value; here it would be text.",
                        "Write it in quotes if it is text, or remove it.");
            }
        }
        for (int i = Math.max(0, begin.getIndex()); i < Math.min(end.getIndex(), content.length); i++) {
            // The place of a block begins before a comment, and that of a quoted one has the indentation of its lines.
            if (isHidden(content[i]) && scalar.getValue().indexOf(content[i]) >= 0) {
                add(
                        begin,
                        String.format("The value contains the character U+%04X, which is invisible.", content[i]),
                        "Remove it, or write the value in double quotes with an escape such as \\u200b.");
                return;
            }
        }
    }

    private static Optional<String> anchor(NodeEvent event) {
        return event.getAnchor().map(Anchor::getValue);
    }

    /** Whether a reader does not see the character or takes it for a space; joiners are parts of letters and emoji. */
    private static boolean isHidden(int character) {
        return switch (character) {
            case '\n', '\r', IDEOGRAPHIC_SPACE, ZERO_WIDTH_JOINER, ZERO_WIDTH_NON_JOINER -> false;
            default ->
                switch (Character.getType(character)) {
                    case Character.CONTROL, Character.FORMAT, Character.SPACE_SEPARATOR ->
                        !ForeignText.isVisible(character);
                    default -> false;
                };
        };
    }

    /** Reports characters that an editor shows as a line break or as a change of direction, also in comments. */
    private void seeLinesAndDirections() {
        int line = 1;
        int column = 1;
        int reported = 0;
        for (int i = 0; i < content.length; i++) {
            int character = content[i];
            if ((isLineOrDirection(character) || isLoneReturn(i)) && line > reported) {
                reported = line;
                errors.add(
                        new SourceLocation("", name + ":" + line + ":" + column),
                        String.format(
                                "The character U+%04X is a line break or a change of text direction for some programs,"
                                        + " and not for others.",
                                character),
                        "Remove it, or write it as an escape in double quotes.");
            }
            column++;
            if (character == '\n') {
                line++;
                column = 1;
            }
        }
    }

    /** A line break for YAML, but not for most editors: a comment would end where it seems to continue. */
    private boolean isLoneReturn(int index) {
        return content[index] == '\r'
                && index + 1 < content.length
                && content[index + 1] != '\n'
                && content[index + 1] != '\r';
    }

    private static boolean isLineOrDirection(int character) {
        return character == NEXT_LINE
                || character == LINE_SEPARATOR
                || character == PARAGRAPH_SEPARATOR
                || (character >= 0x202a && character <= 0x202e)
                || (character >= 0x2066 && character <= 0x2069);
    }

    private void add(@Nullable Mark mark, String problem, String hint) {
        String where = mark == null ? name : name + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
        errors.add(new SourceLocation("", where), problem, hint);
    }
}
