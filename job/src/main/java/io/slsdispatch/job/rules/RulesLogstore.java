package io.slsdispatch.job.rules;

import io.slsdispatch.connector.model.LogstoreId;
import java.io.Serializable;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A logstore that holds rules, written as {@code sls://PROJECT/LOGSTORE} or {@code sls://PROJECT/LOGSTORE?topic=TOPIC}.
 *
 * @param logstore where they stand
 * @param topic the only topic that is looked at; null for all
 */
public record RulesLogstore(LogstoreId logstore, @Nullable String topic) implements Serializable {

    public static final String SCHEME = "sls://";

    private static final Pattern FORM =
            Pattern.compile("sls://(?<project>[^/?#]+)/(?<logstore>[^/?#]+)(?:\\?topic=(?<topic>[^&#]*))?");

    /** @throws IllegalArgumentException when it is not of that form; the message says so in words */
    public static RulesLogstore parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "a logstore is written as sls://PROJECT/LOGSTORE or sls://PROJECT/LOGSTORE?topic=TOPIC");
        }
        String topic = matcher.group("topic");
        return new RulesLogstore(
                new LogstoreId(matcher.group("project"), matcher.group("logstore")),
                topic == null ? null : URLDecoder.decode(topic, StandardCharsets.UTF_8));
    }

    /** The topic of what is written there. */
    public String writtenTopic() {
        return topic == null ? "" : topic;
    }

    boolean takes(String groupTopic) {
        return topic == null || topic.equals(groupTopic);
    }

    /** For messages. */
    @Override
    public String toString() {
        return "logstore " + logstore + (topic == null ? "" : ", topic '" + topic + "'");
    }
}
