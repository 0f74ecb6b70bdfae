package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.e2e.dispatch.OnMiniCluster.WithLogstores;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.ledger.LedgerEntry;
import io.slsdispatch.local.ledger.Reconciliation;
import io.slsdispatch.local.wire.Operation;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where a job without a savepoint begins, and where a bounded one ends. */
@OnMiniCluster
class StartAndStopE2eTest {

    private static final String ROUTES = """
            routes:
              - {topic: t, to: all}
            default-route: fail
            time-zone: Asia/Shanghai
            """;

    @WithLogstores(sourceShards = 2, targets = "all")
    private Rig rig;

    private Instant now;

    /** Between the first and the second of the groups of each shard. */
    private Instant afterTheFirst;

    /** Three groups in each shard: of three, two and one minutes ago. */
    @BeforeEach
    void startSls() throws IOException {
        for (int minutes = 3; minutes > 0; minutes--) {
            rig.clock().setBack(Duration.ofMinutes(minutes));
            rig.writeToAll(minutes + " minutes ago", 1, "t");
        }
        rig.clock().setBack(Duration.ZERO);
        now = rig.clock().instant().truncatedTo(ChronoUnit.SECONDS);
        afterTheFirst = now.minusSeconds(150).truncatedTo(ChronoUnit.SECONDS);
    }

    @Test
    void beginsWithTheOldestGroups() throws Exception {
        assertDelivered("start: begin", entry -> true, 8);
    }

    @Test
    void beginsWithWhatComesAfterTheConfigurationWasRead() throws Exception {
        assertDelivered("start: end", this::isLate, 2);
    }

    /** A8: "end" is the moment of the submission, however late shards are found, and however often the job fails before. */
    @Test
    void beginsWithWhatComesAfterTheSubmissionThoughTheJobFailsBeforeItHasReadAnything() throws Exception {
        WatchedConnectors connectors = new WatchedConnectors();
        rig.sls()
                .faults()
                .add(Fault.always(new Effect.Refuse(503, "ServerBusy", "busy", Effect.Moment.BEFORE))
                        .on(Operation.LIST_SHARDS));
        JobConfig config = rig.config("start: end", ROUTES);

        try (RunningJob job = RunningJob.startLasting(config, connectors, 2)) {
            job.awaitWhileRunning(
                    "a listing that fails", any -> assertThat(struck()).isPositive());
            rig.writeToAll("submitted", 3, "t");
            long writers = connectors.writers();
            job.awaitWhileRunning(
                    "the restart", any -> assertThat(connectors.writers()).isGreaterThan(writers));
            rig.writeToAll("restarted", 3, "t");
            assertThat(rig.entries("all")).isEmpty();
            rig.sls().faults().clear();

            job.awaitWhileRunning("what came after the submission", any -> assertExact(this::isLate, 12));
            rig.writeToAll("later", 1, "t");
            job.awaitWhileRunning("what came after that", any -> assertExact(this::isLate, 14));
        }
    }

    private long struck() {
        return rig.sls().faults().list().get(0).struck();
    }

    @ParameterizedTest
    @MethodSource
    void beginsAtATimeInEachOfItsForms(DateTimeFormatter form) throws Exception {
        String time = form.format(afterTheFirst);

        assertDelivered("start: '" + time + "'", this::isAfterTheFirst, 6);
    }

    static Stream<DateTimeFormatter> beginsAtATimeInEachOfItsForms() {
        return Stream.of(
                        DateTimeFormatter.ISO_INSTANT,
                        DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxxx", Locale.ROOT),
                        DateTimeFormatter.ofPattern("yyyy-M-d H:m:s", Locale.ROOT))
                .map(form -> form.withZone(ZoneId.of("Asia/Shanghai")));
    }

    @Test
    void beginsAtUnixSeconds() throws Exception {
        assertDelivered("start: " + afterTheFirst.getEpochSecond(), this::isAfterTheFirst, 6);
    }

    @Test
    void beginsWhereTheConsumerGroupStandsAndElsewhereWithTheFallback() throws Exception {
        commitTheFirstOfShard0("script");

        assertDelivered(
                "start: group\nstart-group: script\nstart-fallback: end",
                entry -> entry.shard() == 0 ? isAfterTheFirst(entry) : isLate(entry),
                4);
    }

    @Test
    void beginsWhereTheGroupOfItsOwnProgressStands() throws Exception {
        commitTheFirstOfShard0("own");

        assertDelivered("start: group\nconsumer-group: own", entry -> entry.shard() == 1 || isAfterTheFirst(entry), 7);
    }

    @Test
    void beginsWithTheFallbackWhereThereIsNoSuchGroup() throws Exception {
        assertDelivered(
                "start: group\nstart-group: nobody\nstart-fallback: " + afterTheFirst.getEpochSecond(),
                this::isAfterTheFirst,
                6);
    }

    @Test
    void endsBeforeATimeInThePast() throws Exception {
        RunningJob.run(rig.config("stop: " + afterTheFirst, ROUTES), 2);

        assertExact(entry -> !isAfterTheFirst(entry), 2);
    }

    @Test
    void endsBeforeATimeThatComesWhileItRuns() throws Exception {
        Instant stop = now.plusSeconds(5).truncatedTo(ChronoUnit.SECONDS);
        try (RunningJob job = RunningJob.start(rig.config("stop: " + stop, ROUTES), 2)) {
            await("the end").atMost(RunningJob.LONG).until(() -> {
                rig.writeToAll("at " + System.nanoTime(), 1, "t");
                return job.hasEnded();
            });
            job.awaitEnd();
        }

        Predicate<LedgerEntry> before = entry -> entry.receivedMillis() < stop.toEpochMilli();
        Rig.assertExact(rig.reconcile(before, topic -> Set.of("all")));
    }

    @Test
    void endsWithWhatIsThereAtTheStartAlthoughMoreKeepsComing() throws Exception {
        JobConfig config = rig.config("stop: now", "routes: [{topic: {prefix: ''}, to: all}]\ndefault-route: fail");
        try (Feeder feeder = Feeder.start(rig);
                RunningJob job = RunningJob.start(config, 2)) {
            job.awaitEnd();
            feeder.finish();
        }

        Reconciliation old = rig.reconcile(entry -> !isLate(entry), topic -> Set.of("all"));
        Reconciliation all = rig.reconcile(topic -> Set.of("all"));
        assertThat(old.lost()).isZero();
        assertThat(all.duplicated() + all.misrouted() + all.altered()).isZero();
    }

    /** Stores a cursor in a consumer group that stands behind the first group of shard 0; of shard 1 it knows nothing. */
    private void commitTheFirstOfShard0(String consumerGroup) throws SlsException {
        try (SlsClient client = rig.client()) {
            client.createConsumerGroup(Rig.SOURCE, consumerGroup);
            String cursor = client.cursor(Rig.SOURCE, 0, new CursorOrigin.At(afterTheFirst));
            client.commitCursor(Rig.SOURCE, consumerGroup, 0, cursor);
        }
    }

    private boolean isAfterTheFirst(LedgerEntry entry) {
        return entry.receivedMillis() >= afterTheFirst.toEpochMilli();
    }

    private boolean isLate(LedgerEntry entry) {
        return entry.receivedMillis() >= now.toEpochMilli();
    }

    private void assertDelivered(String start, Predicate<LedgerEntry> expected, int count) throws Exception {
        JobConfig config = rig.config(start + "\nstop: now", ROUTES);
        rig.writeToAll("late", 1, "t");

        RunningJob.run(config, 2);

        assertExact(expected, count);
    }

    private void assertExact(Predicate<LedgerEntry> expected, int count) throws IOException {
        Reconciliation found = rig.reconcile(expected, topic -> Set.of("all"));
        Rig.assertExact(found);
        assertThat(found.groups()).as("groups expected").isEqualTo(count);
    }
}
