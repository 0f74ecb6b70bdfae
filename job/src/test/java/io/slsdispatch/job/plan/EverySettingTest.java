package io.slsdispatch.job.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.job.config.ConfigReader;
import io.slsdispatch.job.config.ConfigReader.Detailed;
import io.slsdispatch.job.config.options.OptionCatalog;
import io.slsdispatch.job.yaml.Option;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A plan shows a change of each option of the catalog. */
class EverySettingTest {

    /**
     * A configuration before and after the change of one option.
     *
     * @param part of the catalog
     * @param key of the option
     * @param before what the section has before
     * @param after what the section has after
     * @param shown the row of the setting; empty when the change is shown elsewhere
     */
    record Change(String part, String key, String before, String after, String shown) {

        @Override
        public String toString() {
            return part + " " + key;
        }
    }

    private static final String TOP = "";
    private static final String SOURCE = "source";
    private static final String TARGET = "targets[]";
    private static final String TEMPLATE = "targets[] by template";
    private static final String CONNECTION = "source, targets[] or defaults";
    private static final String RULE = "routes[]";

    private static final String KEYS = "{access-key-id: '${ID}', access-key-secret: '${KEY}'}";
    private static final String DEAD = "on-reject: dead-letter\ndead-letter.logstore: dead\n";
    /** Replaces what the target has otherwise. */
    private static final String BY_TEMPLATE = """
            logstore: '{topic}-logs'
            allow: app-*
            when-missing: fail
            when-invalid: fail
            on-reject: fail
            on-outage: block
            """;

    private static final String CREATES = BY_TEMPLATE + "when-missing: create\ncreate.on-failure: fail\n";

    private static final String PROXY = "proxy.host: proxy\nproxy.port: 3128\n";
    private static final String RULES = "rules.from: sls://my-project/rules-logs\n";

    /** Options that are only sections: what is in them is compared. */
    private static final Set<String> SECTIONS = Set.of("source", "defaults", "targets", "routes");

    private static final List<Change> CHANGES = List.of(
            row(TOP, "name", "one", "two", "one -> two"),
            row(TOP, "time-zone", "UTC", "Asia/Shanghai", "UTC -> Asia/Shanghai"),
            row(TOP, "checkpoint-interval", "10s", "1m", "10 s -> 1 min"),
            row(TOP, "checkpoint-timeout", "60s", "90s", "1 min -> 90 s"),
            row(TOP, "max-parallelism", "720", "128", "720 -> 128"),
            row(TOP, "dispatch.lanes", "64", "4", "64 -> 4"),
            row(TOP, "dispatch.on-malformed", "fail", "one", "fail -> one"),
            row(TOP, "default-route", "fail", "drop", "fail -> drop"),
            with(TOP, RULES, "rules.credentials", "{file: a}", "{file: b}", "file a -> file b"),
            with(TOP, RULES, "rules.poll-interval", "10s", "5s", "10 s -> 5 s"),
            row(SOURCE, "logstore", "all-logs", "more-logs", "all-logs -> more-logs"),
            row(SOURCE, "consumer-group", "one", "two", "one -> two"),
            row(SOURCE, "start", "begin", "end", "begin -> end"),
            with(SOURCE, "start: group\n", "start-group", "one", "two", "one -> two"),
            with(
                    SOURCE,
                    "start: group\nstart-group: g\n",
                    "start-fallback",
                    "end",
                    "2026-11-30",
                    "end -> 2026-11-30T00:00"),
            row(SOURCE, "stop", "none", "now", "none -> now"),
            row(SOURCE, "ordered", "true", "false", "true -> false"),
            row(SOURCE, "on-expired-cursor", "fail", "latest", "fail -> latest"),
            row(SOURCE, "compression", "lz4", "zstd", "lz4 -> zstd"),
            row(SOURCE, "discovery.interval", "30s", "1min", "30 s -> 1 min"),
            row(SOURCE, "discovery.jitter", "0.2", "0.5", "0.2 -> 0.5"),
            row(SOURCE, "discovery.failure-age-limit", "1h", "2h", "1 h -> 2 h"),
            row(SOURCE, "discovery.listing-margin", "30s", "0s", "30 s -> 0 s"),
            row(SOURCE, "discovery.settle-time", "30s", "0s", "30 s -> 0 s"),
            row(SOURCE, "pull.max-buffered", "64MiB", "512 KB", "64 MiB -> 512 KiB"),
            row(SOURCE, "pull.max-concurrent", "8", "4", "8 -> 4"),
            row(SOURCE, "pull.max-groups", "1000", "10", "1000 -> 10"),
            row(SOURCE, "pull.idle-poll-floor", "50ms", "1s", "50 ms -> 1 s"),
            row(SOURCE, "pull.idle-poll-ceiling", "2s", "3s", "2 s -> 3 s"),
            row(SOURCE, "retry.initial-backoff", "100ms", "1s", "100 ms -> 1 s"),
            row(SOURCE, "retry.max-backoff", "10s", "20s", "10 s -> 20 s"),
            row(SOURCE, "retry.grace", "10min", "1min", "10 min -> 1 min"),
            row(SOURCE, "retry.max-malformed", "10", "5", "10 -> 5"),
            row(TARGET, "name", "one", "other", "one -> other"),
            row(TARGET, "logstore", "one-logs", "other-logs", "one-logs -> other-logs"),
            row(TARGET, "distinct-logstore", "false", "true", "false -> true"),
            row(TARGET, "ordered", "false", "true", "false -> true"),
            row(TARGET, "batching", "true", "false", "true -> false"),
            row(TARGET, "cut-category", "false", "true", "false -> true"),
            row(TARGET, "compression", "lz4", "zstd", "lz4 -> zstd"),
            with(TARGET, "compression: zstd\n", "compression-level", "1", "6", "1 -> 6"),
            row(TARGET, "max-in-flight-requests", "8", "2", "8 -> 2"),
            row(TARGET, "max-buffered", "8MiB", "1g", "8 MiB -> 1 GiB"),
            row(TARGET, "retry.initial-backoff", "100ms", "1s", "100 ms -> 1 s"),
            row(TARGET, "retry.max-backoff", "10s", "20s", "10 s -> 20 s"),
            row(TARGET, "retry.give-up-after", "never", "1h", "never -> 1 h"),
            row(TARGET, "retry.grace", "10min", "1min", "10 min -> 1 min"),
            row(TARGET, "retry.codes-about-group", "A", "[A, B]", "A -> A, B"),
            row(TARGET, "retry.codes-about-request", "A", "[A, B]", "A -> A, B"),
            row(TARGET, "on-reject", "fail", "drop", "fail -> drop"),
            row(TARGET, "on-outage", "block", "drop", "block -> drop"),
            row(TARGET, "outage-after", "30s", "1min", "30 s -> 1 min"),
            with(TARGET, DEAD, "dead-letter.project", "dead-one", "dead-two", "dead-one -> dead-two"),
            with(TARGET, "on-reject: dead-letter\n", "dead-letter.logstore", "dead", "lost", "dead -> lost"),
            with(TARGET, DEAD, "dead-letter.on-refusal", "fail", "drop", "fail -> drop"),
            with(TEMPLATE, BY_TEMPLATE, "allow", "app-*", "[app-*, team-*]", "app-* -> app-*, team-*"),
            with(TEMPLATE, BY_TEMPLATE, "max-logstores", "200", "100", "200 -> 100"),
            with(TEMPLATE, BY_TEMPLATE, "when-missing", "fail", "other-one", "fail -> other-one"),
            with(TEMPLATE, BY_TEMPLATE, "when-invalid", "fail", "drop", "fail -> drop"),
            with(TEMPLATE, BY_TEMPLATE, "linger", "200ms", "1s", "200 ms -> 1 s"),
            with(TEMPLATE, CREATES, "create.shards", "2", "4", "2 -> 4"),
            with(TEMPLATE, CREATES, "create.ttl", "30d", "7d", "30 d -> 7 d"),
            with(TEMPLATE, CREATES, "create.auto-split", "true", "false", "true -> false"),
            with(TEMPLATE, CREATES, "create.max-split-shards", "64", "16", "64 -> 16"),
            with(TEMPLATE, CREATES, "create.on-failure", "fail", "drop", "fail -> drop"),
            with(TEMPLATE, CREATES, "recreate-after", "1h", "2h", "1 h -> 2 h"),
            row(CONNECTION, "endpoint", "sls.test", "https://sls2.test", "http://sls.test -> https://sls2.test"),
            row(CONNECTION, "project", "my-project", "your-project", "my-project -> your-project"),
            row(CONNECTION, "project-in", "host", "header", "host -> header"),
            row(
                    CONNECTION,
                    "credentials",
                    KEYS,
                    "{file: keys.json}",
                    "environment variables ID and KEY -> file keys.json"),
            with(CONNECTION, "region: cn-hangzhou\n", "signature", "v1", "v4", "v1 -> v4"),
            row(CONNECTION, "region", "cn-hangzhou", "cn-beijing", "cn-hangzhou -> cn-beijing"),
            row(CONNECTION, "connect-timeout", "5s", "1s", "5 s -> 1 s"),
            row(CONNECTION, "request-timeout", "30s", "10s", "30 s -> 10 s"),
            row(CONNECTION, "max-concurrent-requests", "256", "16", "256 -> 16"),
            with(CONNECTION, "proxy.port: 3128\n", "proxy.host", "a", "b", "a -> b"),
            with(CONNECTION, "proxy.host: proxy\n", "proxy.port", "3128", "3129", "3128 -> 3129"),
            with(
                    CONNECTION,
                    PROXY + "proxy.password: '${PASSWORD}'\n",
                    "proxy.user",
                    "'${USER1}'",
                    "'${USER2}'",
                    "${USER1} -> ${USER2}"),
            with(
                    CONNECTION,
                    PROXY + "proxy.user: '${USER1}'\n",
                    "proxy.password",
                    "'${P1}'",
                    "'${P2}'",
                    "${P1} -> ${P2}"),
            row(CONNECTION, "ca-file", "/a.pem", "/b.pem", "/a.pem -> /b.pem"),
            row(RULE, "name", "first", "second", ""),
            row(RULE, "topic", "a", "b", ""),
            row(RULE, "source", "a", "b", ""),
            row(RULE, "tags", "{host: a}", "{host: b}", ""),
            row(RULE, "to", "one", "drop", ""),
            with(RULE, "to: by-app\n", "logstore", "app-a", "app-b", ""),
            row(RULE, "continue", "false", "true", ""));

    @TempDir
    private Path folder;

    private static Change row(String part, String key, String before, String after, String shown) {
        return with(part, "", key, before, after, shown);
    }

    private static Change with(String part, String others, String key, String before, String after, String shown) {
        return new Change(part, key, others + key + ": " + before + "\n", others + key + ": " + after + "\n", shown);
    }

    static Stream<Change> changes() {
        return CHANGES.stream();
    }

    @Test
    void eachOptionOfTheCatalogIsTried() {
        Map<String, Set<String>> catalog = new TreeMap<>();
        for (OptionCatalog.Part part : OptionCatalog.PARTS) {
            catalog.put(
                    part.path(),
                    part.options().stream().map(Option::key).collect(Collectors.toCollection(TreeSet::new)));
        }
        catalog.get(TOP).removeAll(SECTIONS);
        Map<String, Set<String>> tried = new TreeMap<>();
        for (Change change : CHANGES) {
            tried.computeIfAbsent(change.part, part -> new TreeSet<>()).add(change.key);
        }
        // Rules move into a logstore, which is not one line of a section: see the test below.
        tried.get(TOP).add("rules.from");

        assertThat(tried).isEqualTo(catalog);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void aChangedOptionIsShownWithItsOldAndNewValue(Change change) throws Exception {
        ChangePlan plan = ChangePlan.between(
                read(change.part, change.before, change.key), read(change.part, change.after, change.key), List.of());

        if (change.shown.isEmpty()) {
            assertThat(plan.rules().isEmpty()).isFalse();
            return;
        }
        String section = change.part.equals(CONNECTION) ? SOURCE : change.part.replace(TEMPLATE, TARGET);
        assertThat(plan.settings().stream()
                        .map(setting -> setting.key() + ": " + setting.before() + " -> " + setting.after()))
                .contains((section.isEmpty() ? "" : section + ".") + change.key + ": " + change.shown);
        assertThat(plan.settings()).as("nothing else changed").allSatisfy(setting -> assertThat(setting.key())
                .endsWith(change.key));
    }

    @Test
    void rulesThatMoveToAnotherPlaceAreShown() throws Exception {
        ChangePlan plan = ChangePlan.between(
                read(TOP, "rules.from: " + rules("a.yaml") + "\n", "rules.from"),
                read(TOP, "rules.from: " + rules("b.yaml") + "\n", "rules.from"),
                List.of());

        assertThat(plan.settings()).singleElement().satisfies(setting -> {
            assertThat(setting.key()).isEqualTo("rules.from");
            assertThat(setting.after()).endsWith("b.yaml");
        });
    }

    private Path rules(String name) throws Exception {
        return Files.writeString(
                folder.resolve(name).toAbsolutePath(), "routes: [{topic: a, to: one}]\ndefault-route: fail\n");
    }

    /** A configuration with these lines in one of its sections; they replace lines with the same keys. */
    private Detailed read(String part, String lines, String key) throws Exception {
        Map<String, String> sections = new LinkedHashMap<>();
        boolean elsewhere = key.startsWith("rules.");
        sections.put(TOP, elsewhere ? "" : "default-route: fail\n");
        sections.put(
                SOURCE,
                "endpoint: sls.test\nproject: my-project\nlogstore: all-logs\nconsumer-group: g\n" + "credentials: "
                        + KEYS + "\n");
        sections.put(TARGET, "name: one\nlogstore: one-logs\n");
        sections.put(RULE, "topic: a\nto: " + (key.equals("name") && part.equals(TARGET) ? "drop" : "one") + "\n");
        sections.merge(
                part.equals(CONNECTION) ? SOURCE : part.replace(TEMPLATE, TARGET), lines, EverySettingTest::replacing);
        StringBuilder yaml = new StringBuilder(sections.get(TOP));
        yaml.append("source:\n").append(sections.get(SOURCE).indent(2));
        yaml.append("targets:\n  -\n").append(sections.get(TARGET).indent(4));
        yaml.append("  - {name: other-one, logstore: second-logs}\n");
        if (part.equals(RULE)) {
            yaml.append("  -\n").append(("name: by-app\n" + BY_TEMPLATE).indent(4));
        }
        if (elsewhere && !lines.contains("rules.from: /")) {
            // The rules themselves are read at once, so they are replaced by those of a file.
            return ConfigReader.readFileInDetail(
                    Files.writeString(folder.resolve("dispatch.yaml"), yaml.toString()),
                    rules("rules.yaml"),
                    Map.of(),
                    Instant.EPOCH);
        }
        if (!elsewhere) {
            yaml.append("routes:\n  -\n").append(sections.get(RULE).indent(4));
        }
        return ConfigReader.readFileInDetail(
                Files.writeString(folder.resolve("dispatch.yaml"), yaml.toString()), null, Map.of(), Instant.EPOCH);
    }

    private static String replacing(String section, String lines) {
        Map<String, String> byKey = new LinkedHashMap<>();
        Stream.concat(section.lines(), lines.lines())
                .forEach(line -> byKey.put(line.substring(0, line.indexOf(':')), line));
        return String.join("\n", byKey.values()) + "\n";
    }
}
