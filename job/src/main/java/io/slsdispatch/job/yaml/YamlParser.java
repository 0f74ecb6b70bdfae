package io.slsdispatch.job.yaml;

import io.slsdispatch.job.yaml.ConfigNode.Empty;
import io.slsdispatch.job.yaml.ConfigNode.Invalid;
import io.slsdispatch.job.yaml.ConfigNode.Mapping;
import io.slsdispatch.job.yaml.ConfigNode.Scalar;
import io.slsdispatch.job.yaml.ConfigNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ParserException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Parser of YAML 1.2 that returns a tree with the line and column of every node. */
public final class YamlParser {

    /** Far above any real file; stops anchors that expand exponentially. */
    private static final int MAX_NODES = 100_000;

    private static final String BYTE_ORDER_MARK = "\ufeff";
    private static final String MERGE_KEY = "<<";

    private static final int MAX_ALIASES = 1_000;
    private static final int MAX_DEPTH = 50;
    private static final int ROOM = 16;

    /** Each value stores the path of its keys. */
    private static final int MAX_KEY = 500;

    private static final int MAX_PATH = 2_000;

    private static final Pattern UNDEFINED =
            Pattern.compile("^(found undefined (?:alias|tag handle)).*", Pattern.DOTALL);

    private final String name;
    private final ConfigErrors errors;
    private int nodes;

    private YamlParser(String name, ConfigErrors errors) {
        this.name = name;
        this.errors = errors;
    }

    /**
     * Reads a file.
     *
     * @param name of the file, for messages
     * @param content of the file
     * @return the root; {@link ConfigNode.Invalid}, with an error, when this is not YAML
     */
    public static ConfigNode read(String name, String content, ConfigErrors errors) {
        return new YamlParser(name, errors).read(content);
    }

    private ConfigNode read(String text) {
        // Editors of Windows write a byte order mark.
        String content = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        SourceLocation top = new SourceLocation("", name);
        LoadSettings settings = settings(content);
        try {
            refusePitfalls(new Parse(settings).parseString(content), new YamlPitfalls(name, content, errors));
            Optional<Node> root = new Compose(settings).composeString(content);
            if (root.isEmpty()) {
                errors.add(top, "The file is empty.", "Start with 'source:', 'targets:' and 'routes:'.");
                return new Invalid(top);
            }
            return convert(root.get(), new SourceLocation("", where(root.get().getStartMark())), 0);
        } catch (MarkedYamlEngineException e) {
            SourceLocation location = new SourceLocation("", where(e.getProblemMark()));
            errors.add(location, "Invalid YAML: " + problem(e) + ".", "Check this line and the one before it.");
        } catch (ReaderException e) {
            errors.add(
                    new SourceLocation("", placeOf(content, e.getPosition())),
                    String.format("Invalid YAML: the character U+%04X is not allowed.", e.getCodePoint()),
                    "Remove it, or write it as an escape in double quotes.");
        } catch (YamlEngineException e) {
            errors.add(top, "Invalid YAML: " + e.getMessage() + ".", "");
        } catch (IndexOutOfBoundsException | IllegalArgumentException | IllegalStateException e) {
            // Thrown by the parser for an escape cut off by the end of the text, for example. The message may repeat
            // the text.
            errors.add(
                    top,
                    "Invalid YAML: the parser failed with " + e.getClass().getSimpleName() + ".",
                    "Check for incomplete escapes in double quotes, such as '\\u'.");
        }
        return new Invalid(top);
    }

    private LoadSettings settings(String content) {
        return LoadSettings.builder()
                .setLabel(name)
                .setUseMarks(true)
                .setMaxAliasesForCollections(MAX_ALIASES)
                // Refused below, with its place.
                .setAllowNonScalarKeys(true)
                // The readers of files limit their size.
                .setCodePointLimit(content.length() + ROOM)
                // Longer than the text: the parser fails when a chunk ends between the two halves of a surrogate pair.
                .setBufferSize(content.length() + ROOM)
                .build();
    }

    /** The parser recurses into nested nodes: deep nesting would end in a StackOverflowError without a location. */
    private static void refusePitfalls(Iterable<Event> events, YamlPitfalls pitfalls) {
        int depth = 0;
        int values = 0;
        for (Event event : events) {
            pitfalls.see(event);
            // Keys and values, before nodes are made of them, which takes much longer.
            if (event instanceof NodeEvent && ++values > 2 * MAX_NODES) {
                throw new ParserException("more than " + MAX_NODES + " values", event.getStartMark());
            }
            if (event instanceof CollectionStartEvent) {
                depth++;
            } else if (event instanceof CollectionEndEvent) {
                depth--;
            }
            if (depth > MAX_DEPTH) {
                throw new ParserException("values are nested too deeply", event.getStartMark());
            }
        }
        pitfalls.finish();
    }

    /** The problem, without the word that causes it, because that may be a secret. */
    private static String problem(MarkedYamlEngineException error) {
        return UNDEFINED.matcher(error.getProblem()).replaceFirst("$1");
    }

    private ConfigNode convert(Node node, SourceLocation location, int depth) {
        if (++nodes > MAX_NODES || depth > MAX_DEPTH) {
            throw new YamlEngineException(
                    "too many values or too deeply nested, possibly because of anchors that repeat each other");
        }
        if (node instanceof ScalarNode scalar) {
            boolean isBlock =
                    scalar.getScalarStyle() == ScalarStyle.LITERAL || scalar.getScalarStyle() == ScalarStyle.FOLDED;
            return scalar.getTag().equals(Tag.NULL)
                    ? new Empty(location)
                    : new Scalar(location, scalar.getValue(), isBlock);
        }
        if (node instanceof SequenceNode sequence) {
            List<ConfigNode> items = new ArrayList<>();
            for (Node item : sequence.getValue()) {
                items.add(convert(item, location.item(items.size(), where(item.getStartMark())), depth + 1));
            }
            return new Sequence(location, items);
        }
        if (node instanceof MappingNode mapping) {
            return convert(mapping, location, depth);
        }
        throw new YamlEngineException("an anchor that contains itself");
    }

    private Mapping convert(MappingNode mapping, SourceLocation location, int depth) {
        Map<String, ConfigNode> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Node keyNode = tuple.getKeyNode();
            String where = where(keyNode.getStartMark());
            if (!(keyNode instanceof ScalarNode key)) {
                errors.add(location.child("?", where), "A key must be a string.", "");
                continue;
            }
            if (key.getValue().length() > MAX_KEY || location.path().length() > MAX_PATH) {
                errors.add(location.child("?", where), "A key is longer than " + MAX_KEY + " characters.", "");
                continue;
            }
            SourceLocation child = location.child(key.getValue(), where);
            if (key.getValue().equals(MERGE_KEY) && key.getScalarStyle() == ScalarStyle.PLAIN) {
                errors.add(
                        child,
                        "Unknown key.",
                        "YAML 1.2 has no merge keys. Write the keys here; options shared by targets can be set in"
                                + " 'defaults'.");
                continue;
            }
            ConfigNode value = convert(tuple.getValueNode(), child, depth + 1);
            ConfigNode first = entries.putIfAbsent(key.getValue(), value);
            if (first != null) {
                errors.add(
                        child,
                        "Duplicate key; it is first defined at "
                                + first.location().where() + ".",
                        "Remove one of them.");
            }
        }
        return new Mapping(location, entries);
    }

    private String placeOf(String content, int index) {
        String before = content.substring(0, Math.min(index, content.length()));
        long line = before.chars().filter(character -> character == '\n').count() + 1;
        return name + ":" + line + ":" + (before.length() - before.lastIndexOf('\n'));
    }

    private String where(Optional<Mark> mark) {
        return mark.map(at -> name + ":" + (at.getLine() + 1) + ":" + (at.getColumn() + 1))
                .orElse(name);
    }
}
