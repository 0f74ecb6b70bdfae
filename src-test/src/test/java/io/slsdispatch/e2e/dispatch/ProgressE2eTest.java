package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.e2e.dispatch.OnMiniCluster.WithLogstores;
import io.slsdispatch.job.rules.reload.ReplayProgress;
import io.slsdispatch.job.topology.SlsConnectors;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.ledger.GroupDigest;
import io.slsdispatch.local.ledger.LedgerEntry;
import io.slsdispatch.local.wire.Cursors;
import io.slsdispatch.local.wire.Operation;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the consumer group shows while a job runs. */
@OnMiniCluster
class ProgressE2eTest {

    private static final String GROUP = "progress";
    private static final int SHARDS = 4;
    private static final int ROUNDS = 20;
    private static final int PER_ROUND = 25;
    private static final String ROUTES = """
            routes:
              - {topic: t, to: all}
            default-route: fail
            """;

    @WithLogstores(sourceShards = SHARDS, targets = "all")
    private Rig rig;

    private SlsClient client;

    @BeforeEach
    void startSls() throws IOException {
        client = rig.client();
    }

    @AfterEach
    void stopSls() {
        client.close();
    }

    /** After a restart new rules wait until everything up to that time is delivered. */
    @Test
    void nothingThatTheServiceHasReceivedIsLaterThanTheTimeUpToWhichReplaysAreAwaited() throws Exception {
        ReplayProgress progress = new SlsConnectors()
                .progress(rig.config("consumer-group: " + GROUP, ROUTES).source());
        rig.write(0, TestGroups.group("t", "early"));
        rig.clock().setBack(Duration.ofMinutes(-5));
        Instant before = rig.clock().instant().truncatedTo(ChronoUnit.SECONDS);
        rig.write(2, TestGroups.group("t", "by a clock that is ahead"));

        assertThat(progress.now()).isAfterOrEqualTo(before);
    }

    @Test
    void consumerGroupReachesWhatIsDeliveredAndIsNeverAheadOfIt() throws Exception {
        // Slow answers and refusals keep groups between the source and the target.
        rig.sls()
                .faults()
                .add(Fault.always(new Effect.Delay(Duration.ofMillis(300)))
                        .on(Operation.PUT_LOGS)
                        .inLogstore("all")
                        .withProbability(0.3));
        rig.sls()
                .faults()
                .add(Fault.always(new Effect.Refuse(503, "ServerBusy", "busy", Effect.Moment.BEFORE))
                        .on(Operation.PUT_LOGS)
                        .inLogstore("all")
                        .withProbability(0.3));
        try (RunningJob job =
                RunningJob.startLasting(rig.config("consumer-group: " + GROUP, ROUTES), new SlsConnectors(), 2)) {
            for (int round = 0; round < ROUNDS; round++) {
                rig.writeToAll("round " + round, PER_ROUND, "t");
                long reached = (long) round * SHARDS * PER_ROUND / 2;
                await("progress")
                        .atMost(RunningJob.LONG)
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> countDone() >= reached);
            }
            job.awaitWhileRunning("all of the progress", any -> assertThat(countDone())
                    .isEqualTo((long) ROUNDS * SHARDS * PER_ROUND));
        }
    }

    /** How many groups the consumer group takes for done; fails when one of them is not delivered. */
    private long countDone() throws Exception {
        Map<Integer, Long> committed = committed();
        Set<GroupDigest> arrived =
                rig.entries("all").stream().map(LedgerEntry::digest).collect(Collectors.toSet());
        List<LedgerEntry> done = rig.entries(Rig.SOURCE.logstore()).stream()
                .filter(entry -> entry.position() < committed.getOrDefault(entry.shard(), 0L))
                .toList();
        assertThat(done).as("taken for done").allMatch(entry -> arrived.contains(entry.digest()));
        return done.size();
    }

    /** Before which position the consumer group takes each shard for done. */
    private Map<Integer, Long> committed() throws SlsException {
        Map<Integer, Long> positions = new HashMap<>();
        try {
            client.consumerGroupCursors(Rig.SOURCE, GROUP)
                    .forEach((shard, cursor) -> positions.put(shard, Cursors.decode(cursor)));
        } catch (SlsException e) {
            if (e.kind() != ErrorKind.NOT_FOUND) {
                throw e;
            }
            // The job has not made it yet.
        }
        return positions;
    }
}
