package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.connection.SlsClients;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.Endpoint;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.job.config.ConfigReader;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.local.SlsLocal;
import io.slsdispatch.local.SlsLocalOptions;
import io.slsdispatch.local.ledger.LedgerEntry;
import io.slsdispatch.local.ledger.LogstoreLedger;
import io.slsdispatch.local.ledger.Reconciler;
import io.slsdispatch.local.ledger.Reconciliation;
import io.slsdispatch.local.signature.Credential;
import io.slsdispatch.local.store.shard.ShardInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * An SLS Local with a source and its targets, and configurations of jobs between them. Each target's logstore has the
 * name of the target.
 */
final class Rig implements AutoCloseable {

    static final String PROJECT = "e2e-project";
    static final LogstoreId SOURCE = new LogstoreId(PROJECT, "all-logs");
    static final String KEY_ID = "rig-key-id";
    static final String SECRET = "rig-key-secret-that-nobody-may-see";

    private static final int REQUESTS_RECORDED = 100_000;
    private static final Duration AGE = Duration.ofMinutes(5);

    private final Path folder;
    private final MovableClock clock = new MovableClock();
    private final SlsLocal sls;
    private final List<String> targets;
    private final Map<String, String> settings = new HashMap<>();
    private final List<String> further = new ArrayList<>();
    private String discovery = "failure-age-limit: 2s, listing-margin: 100ms, settle-time: 0s";

    /**
     * @param folder for files of the configuration
     * @param sourceShards of the source; each target has two
     */
    Rig(Path folder, int sourceShards, String... targets) throws IOException {
        this(folder, sourceShards, 2, targets);
    }

    Rig(Path folder, int sourceShards, int targetShards, String... targets) throws IOException {
        this.folder = folder;
        this.targets = List.of(targets);
        SlsLocalOptions.Builder options = SlsLocalOptions.builder()
                .threads(1)
                .clock(clock)
                .recordRequests(REQUESTS_RECORDED)
                .credential(new Credential(KEY_ID, SECRET))
                .logstore(PROJECT, SOURCE.logstore(), sourceShards);
        this.targets.forEach(target -> options.logstore(PROJECT, target, targetShards));
        // No shard takes groups from before it was made.
        clock.setBack(AGE);
        this.sls = SlsLocal.start(options.build());
        clock.setBack(Duration.ZERO);
        Files.writeString(credentialsFile(), "access-key-id=" + KEY_ID + "\naccess-key-secret=" + SECRET + "\n");
    }

    /** For files of the test; it is gone after it. */
    Path folder() {
        return folder;
    }

    SlsLocal sls() {
        return sls;
    }

    /** The time of the service. */
    MovableClock clock() {
        return clock;
    }

    private Path credentialsFile() {
        return folder.resolve("credentials");
    }

    /** A client of the product. */
    SlsClient client() {
        return new SlsClients(ConnectionConfig.of(
                        Endpoint.parse(sls.endpoint()),
                        new CredentialsConfig.File(credentialsFile().toString())))
                .create();
    }

    /** The writable shard of the source that holds the beginning of the ring. */
    int firstWritableShard() {
        return sls.shards(PROJECT, SOURCE.logstore()).stream()
                .filter(ShardInfo::isReadWrite)
                .min(Comparator.comparing(shard -> shard.range().begin()))
                .orElseThrow()
                .id();
    }

    /** Writes one group to a shard of the source. */
    void write(int shard, byte[] group) {
        sls.put(PROJECT, SOURCE.logstore(), shard, group);
    }

    /**
     * Writes groups to every writable shard of the source, with topics in turns.
     *
     * @param prefix makes the contents different from those of other calls
     * @param count for each shard
     */
    void writeToAll(String prefix, int count, String... topics) {
        sls.shards(PROJECT, SOURCE.logstore()).stream()
                .filter(ShardInfo::isReadWrite)
                .forEach(shard -> {
                    for (int i = 0; i < count; i++) {
                        String text = prefix + "-" + shard.id() + "-" + i;
                        write(shard.id(), TestGroups.group(topics[i % topics.length], text));
                    }
                });
    }

    /** What configurations say of one target, beside its name, in the form of a YAML flow mapping without its braces. */
    void settings(String target, String mapping) {
        settings.put(target, mapping);
    }

    /** A target without a logstore of its name, in the form of a YAML flow mapping without its braces. */
    void target(String mapping) {
        further.add("  - {" + mapping + "}\n");
    }

    /** What configurations say of finding shards, beside the interval, in the form of a YAML flow mapping without braces. */
    void discovery(String mapping) {
        discovery = mapping;
    }

    private String line(String target) {
        String more = settings.containsKey(target) ? ", " + settings.get(target) : "";
        return "  - {name: " + target + ", logstore: " + target + more + "}\n";
    }

    /** The file of a configuration with short intervals. */
    Path file(String source, String rest) throws IOException {
        String text = """
                checkpoint-interval: 200ms
                max-parallelism: 128
                source:
                  endpoint: %s
                  project: %s
                  logstore: %s
                  credentials: {file: '%s'}
                  discovery: {interval: 100ms, %s}
                  pull: {idle-poll-floor: 10ms, idle-poll-ceiling: 50ms}
                  retry: {initial-backoff: 10ms, max-backoff: 100ms, grace: 2s}
                %stargets:
                %s%s
                """.formatted(
                        sls.endpoint(),
                        PROJECT,
                        SOURCE.logstore(),
                        credentialsFile(),
                        discovery,
                        source.isEmpty() ? "" : source.strip().indent(2),
                        targets.stream().map(this::line).collect(Collectors.joining()) + String.join("", further),
                        rest);
        return Files.writeString(folder.resolve("dispatch.yaml"), text);
    }

    /**
     * Reads a configuration with short intervals.
     *
     * @param source more lines for the source
     * @param rest of the file: routes, the default route, defaults of targets
     */
    JobConfig config(String source, String rest) throws Exception {
        return ConfigReader.readFile(file(source, rest), Map.of(), clock.instant());
    }

    /** What was written to a logstore. */
    LogstoreLedger ledger(String logstore) {
        return sls.ledger(PROJECT, logstore);
    }

    /** What was written to a logstore, as a list. */
    List<LedgerEntry> entries(String logstore) throws IOException {
        return ledger(logstore).toList();
    }

    /** Compares all of the source with the targets. */
    Reconciliation reconcile(Function<String, Set<String>> routes) throws IOException {
        return reconcile(entry -> true, routes);
    }

    /** Compares a part of the source with the targets. */
    Reconciliation reconcile(Predicate<LedgerEntry> expected, Function<String, Set<String>> routes) throws IOException {
        Map<String, LogstoreLedger> targetLedgers = new LinkedHashMap<>();
        targets.forEach(target -> targetLedgers.put(target, ledger(target)));
        List<LedgerEntry> part =
                entries(SOURCE.logstore()).stream().filter(expected).toList();
        return Reconciler.reconcile(new Part(part), targetLedgers, routes);
    }

    private record Part(List<LedgerEntry> part) implements LogstoreLedger {

        @Override
        public String name() {
            return SOURCE.toString();
        }

        @Override
        public Iterator<LedgerEntry> entries() {
            return part.iterator();
        }
    }

    /** Checks that each group is once, unchanged, where it belongs, and nowhere else. */
    static void assertExact(Reconciliation found) {
        assertThat(found)
                .as(() -> String.join("\n", found.offenders()))
                .hasToString("lost=0 duplicated=0 misrouted=0 altered=0");
    }

    /** Checks the same, but for groups that a restart has written again. */
    static void assertNoneIsMissing(Reconciliation found) {
        assertThat(List.of(found.lost(), found.misrouted(), found.altered()))
                .as(() -> String.join("\n", found.offenders()))
                .containsOnly(0L);
    }

    @Override
    public void close() {
        sls.close();
    }
}
