package io.slsdispatch.job.config;

import io.slsdispatch.job.config.ConfigNode.Items;
import io.slsdispatch.job.config.ConfigNode.Nothing;
import io.slsdispatch.job.config.ConfigNode.Table;
import io.slsdispatch.job.config.ConfigNode.Text;
import io.slsdispatch.job.config.ConfigNode.Told;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ParserException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads YAML 1.2 into a tree that knows the line and column of every part. */
final class YamlFile {

    /** Far above what people write; stops anchors that multiply. */
    private static final int MAX_NODES = 100_000;

    private static final int MAX_ALIASES = 1_000;
    private static final int MAX_DEPTH = 50;
    private static final int ROOM = 16;

    /** Each value keeps the path of keys that leads to it. */
    private static final int MAX_KEY = 500;

    private static final int MAX_PATH = 2_000;

    private static final Pattern UNDEFINED =
            Pattern.compile("^(found undefined (?:alias|tag handle)).*", Pattern.DOTALL);

    private final String name;
    private final Mistakes mistakes;
    private int nodes;

    private YamlFile(String name, Mistakes mistakes) {
        this.name = name;
        this.mistakes = mistakes;
    }

    /**
     * Reads a file.
     *
     * @param name how messages call it
     * @param content the text in it
     * @return what is in it, as far as it could be read
     */
    static ConfigNode read(String name, String content, Mistakes mistakes) {
        return new YamlFile(name, mistakes).read(content);
    }

    private ConfigNode read(String content) {
        Place top = new Place("", name);
        LoadSettings settings = LoadSettings.builder()
                .setLabel(name)
                .setUseMarks(true)
                .setMaxAliasesForCollections(MAX_ALIASES)
                // Longer than the text: where a piece ends between two halves of a character, the parser fails.
                .setBufferSize(content.length() + ROOM)
                .build();
        try {
            refuseDeepNesting(new Parse(settings).parseString(content));
            Optional<Node> root = new Compose(settings).composeString(content);
            if (root.isEmpty()) {
                mistakes.add(top, "The file is empty.", "Begin with 'source:', 'targets:' and 'routes:'.");
                return new Told(top);
            }
            return convert(root.get(), new Place("", where(root.get().getStartMark())), 0);
        } catch (MarkedYamlEngineException e) {
            Place place = new Place("", where(e.getProblemMark()));
            mistakes.add(place, "This is not YAML: " + problem(e) + ".", "Look at this line and the one before it.");
        } catch (YamlEngineException e) {
            mistakes.add(top, "This is not YAML: " + e.getMessage() + ".", "");
        } catch (IndexOutOfBoundsException | IllegalArgumentException | IllegalStateException e) {
            // What the parser throws over an escape that the end of the text cuts off, and such. It may repeat the
            // text.
            mistakes.add(
                    top,
                    "This is not YAML: its parser fails with " + e.getClass().getSimpleName() + ".",
                    "Look for escapes in double quotes, such as '\\u', that are not whole.");
        }
        return new Told(top);
    }

    /** What is nested is read by calls that are nested: too much of it ends in no exception that says where. */
    private static void refuseDeepNesting(Iterable<Event> events) {
        int depth = 0;
        for (Event event : events) {
            if (event instanceof CollectionStartEvent) {
                depth++;
            } else if (event instanceof CollectionEndEvent) {
                depth--;
            }
            if (depth > MAX_DEPTH) {
                throw new ParserException("values are nested too deeply", event.getStartMark());
            }
        }
    }

    /** What is wrong, without the word at which it is: that may be a secret. */
    private static String problem(MarkedYamlEngineException error) {
        return UNDEFINED.matcher(error.getProblem()).replaceFirst("$1");
    }

    private ConfigNode convert(Node node, Place place, int depth) {
        if (++nodes > MAX_NODES || depth > MAX_DEPTH) {
            throw new YamlEngineException(
                    "too many values or too deeply nested, as anchors that repeat each other are");
        }
        if (node instanceof ScalarNode scalar) {
            return scalar.getTag().equals(Tag.NULL) ? new Nothing(place) : new Text(place, scalar.getValue());
        }
        if (node instanceof SequenceNode sequence) {
            List<ConfigNode> items = new ArrayList<>();
            for (Node item : sequence.getValue()) {
                items.add(convert(item, place.item(items.size(), where(item.getStartMark())), depth + 1));
            }
            return new Items(place, items);
        }
        if (node instanceof MappingNode mapping) {
            return convert(mapping, place, depth);
        }
        throw new YamlEngineException("an anchor that contains itself");
    }

    private Table convert(MappingNode mapping, Place place, int depth) {
        Map<String, ConfigNode> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Node keyNode = tuple.getKeyNode();
            String where = where(keyNode.getStartMark());
            if (!(keyNode instanceof ScalarNode key)) {
                mistakes.add(place.child("?", where), "A key must be a plain word.", "");
                continue;
            }
            if (key.getValue().length() > MAX_KEY || place.path().length() > MAX_PATH) {
                mistakes.add(place.child("?", where), "A key is longer than " + MAX_KEY + " characters.", "");
                continue;
            }
            Place child = place.child(key.getValue(), where);
            ConfigNode value = convert(tuple.getValueNode(), child, depth + 1);
            ConfigNode first = entries.putIfAbsent(key.getValue(), value);
            if (first != null) {
                mistakes.add(
                        child,
                        "This key stands here a second time; the first is at "
                                + first.place().where() + ".",
                        "Keep one of them.");
            }
        }
        return new Table(place, entries);
    }

    private String where(Optional<Mark> mark) {
        return mark.map(at -> name + ":" + (at.getLine() + 1) + ":" + (at.getColumn() + 1))
                .orElse(name);
    }
}
