package io.slsdispatch.job.rules;

import io.slsdispatch.connector.model.LogstoreId;
import java.io.Serializable;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Location of rules outside the configuration: a file, an http or https URL, or a logstore. The names of this class and
 * of its component are part of a configuration's fingerprint.
 *
 * @param text an absolute path, the URL, or the logstore in the form of {@link Logstore}
 */
public record RulesLocation(String text) implements Serializable {

    public static RulesLocation parse(String text) {
        if (isLogstore(text)) {
            Logstore.parse(text);
        } else if (isAddress(text)) {
            URI address;
            try {
                address = new URI(text);
            } catch (URISyntaxException e) {
                throw new IllegalArgumentException("this is not a valid URL", e);
            }
            if (address.getHost() == null) {
                throw new IllegalArgumentException("the URL has no host");
            }
            if (address.getUserInfo() != null) {
                throw new IllegalArgumentException("a password in the URL would be visible to all who can see the job");
            }
        } else if (!Path.of(text).isAbsolute()) {
            throw new IllegalArgumentException(
                    "the path must be absolute: the JobManager has another working directory");
        }
        return new RulesLocation(text);
    }

    private static boolean isAddress(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.startsWith("http://") || lower.startsWith("https://");
    }

    private static boolean isLogstore(String text) {
        return text.toLowerCase(Locale.ROOT).startsWith(Logstore.SCHEME);
    }

    /** The logstore; empty when it is a file or a URL. */
    public Optional<Logstore> logstore() {
        return isLogstore(text) ? Optional.of(Logstore.parse(text)) : Optional.empty();
    }

    /** The http or https URL; empty when it is a file or a logstore. */
    Optional<URI> address() {
        return isAddress(text) ? Optional.of(URI.create(text)) : Optional.empty();
    }

    /** The query of a URL and the values in it, which may be keys: to hide them in external texts. */
    public List<String> secrets() {
        String query = address().map(URI::getRawQuery).orElse(null);
        if (query == null) {
            return List.of();
        }
        return Stream.concat(
                        Stream.of(query),
                        Stream.of(query.split("&")).map(part -> part.substring(part.indexOf('=') + 1)))
                .toList();
    }

    /** The location; a URL is shown without its query, which may hold a key. */
    @Override
    public String toString() {
        int query = isAddress(text) ? text.indexOf('?') : -1;
        return query < 0 ? text : text.substring(0, query);
    }

    /**
     * A logstore that holds rules, written as {@code sls://PROJECT/LOGSTORE} or
     * {@code sls://PROJECT/LOGSTORE?topic=TOPIC}.
     *
     * @param logstore the logstore that holds the rules
     * @param topic the only topic that is read; null for all topics
     */
    public record Logstore(LogstoreId logstore, @Nullable String topic) implements Serializable {

        private static final String SCHEME = "sls://";

        private static final Pattern FORM =
                Pattern.compile("sls://(?<project>[^/?#]+)/(?<logstore>[^/?#]+)(?:\\?topic=(?<topic>[^&#]*))?");

        /** @throws IllegalArgumentException when the text does not have that form; the message says so */
        public static Logstore parse(String text) {
            Matcher matcher = FORM.matcher(text);
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        "expected sls://PROJECT/LOGSTORE or sls://PROJECT/LOGSTORE?topic=TOPIC");
            }
            String topic = matcher.group("topic");
            return new Logstore(
                    new LogstoreId(matcher.group("project"), matcher.group("logstore")),
                    topic == null ? null : URLDecoder.decode(topic, StandardCharsets.UTF_8));
        }

        /** The topic of rules that are written there. */
        String writtenTopic() {
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
}
