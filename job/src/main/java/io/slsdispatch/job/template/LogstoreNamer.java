package io.slsdispatch.job.template;

import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.MalformedLogGroupException;
import io.slsdispatch.job.rules.Explanation.Labels;
import io.slsdispatch.job.rules.GroupLabels;
import io.slsdispatch.job.rules.TopicCache;
import io.slsdispatch.job.template.LogstoreNames.Name;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Makes the names of the logstores of one target by template for a stream of log groups. When the topic alone makes the
 * name, it is cached by topic. It remembers the values that came to each name first, and reports others that come to the
 * same name: for example the topics {@code app/a} and {@code app-a}, which share a logstore.
 *
 * <p>Memory: bounded, whatever the groups. Not thread-safe.
 */
public final class LogstoreNamer {

    private static final int REMEMBERED_TOPICS = 16_384;
    private static final int REMEMBERED_TOPIC_LENGTH = 256;

    /** Receiver of names that several values come to. */
    @FunctionalInterface
    public interface SameNames {

        /**
         * Other values came to a name. Called once for each pair, as long as memory for pairs is left.
         *
         * @param first the values that came to it first
         * @param other the other values
         */
        void found(String logstore, String first, String other);
    }

    private final LogstoreNames names;
    private final SameNames sameNames;
    private final int maxRemembered;
    private final TopicCache<Name> byTopic = new TopicCache<>(REMEMBERED_TOPICS, REMEMBERED_TOPIC_LENGTH);
    private final GroupLabels labels = new GroupLabels();
    private final Map<String, String> first = new HashMap<>();
    private final Set<String> reported = new HashSet<>();

    /** @param maxRemembered maximum number of names, and of pairs, to remember */
    public LogstoreNamer(LogstoreNames names, int maxRemembered, SameNames sameNames) {
        this.names = names;
        this.maxRemembered = maxRemembered;
        this.sameNames = sameNames;
    }

    /** The name for a group by the template. */
    public Name name(RawLogGroup group) {
        if (group.isMalformed()) {
            return malformed();
        }
        if (!names.template().needsTopicOnly()) {
            try {
                return make(labelsOf(group));
            } catch (MalformedLogGroupException e) {
                return malformed();
            }
        }
        Name name = byTopic.get(group.topic());
        if (name == null) {
            name = make(new Labels(group.topic(), "", Map.of()));
            byTopic.put(group.topic(), name);
        }
        return name;
    }

    private static Name malformed() {
        return Name.invalid("the bytes of the log group cannot be parsed");
    }

    private Name make(Labels made) {
        Name name = names.of(made);
        if (name.logstore() != null) {
            String logstore = name.logstore();
            names.valuesOf(made).ifPresent(values -> compare(logstore, values));
        }
        return name;
    }

    private void compare(String logstore, String values) {
        String other =
                values.length() <= REMEMBERED_TOPIC_LENGTH ? values : values.substring(0, REMEMBERED_TOPIC_LENGTH);
        String before = first.get(logstore);
        if (before == null) {
            if (first.size() < maxRemembered) {
                first.put(logstore, other);
            }
        } else if (!before.equals(other) && reported.size() < maxRemembered && reported.add(logstore + ' ' + other)) {
            sameNames.found(logstore, before, other);
        }
    }

    private Labels labelsOf(RawLogGroup group) throws MalformedLogGroupException {
        labels.reset(group);
        Map<String, List<String>> tags = new TreeMap<>();
        for (NameTemplate.Part part : names.template().parts()) {
            if (part instanceof NameTemplate.Tag tag) {
                List<String> values = labels.tagValues(tag.key());
                if (!values.isEmpty()) {
                    tags.put(tag.key(), values);
                }
            }
        }
        return new Labels(group.topic(), labels.source(), tags);
    }
}
