package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.e2e.dispatch.OnMiniCluster.WithLogstores;
import io.slsdispatch.job.topology.SlsConnectors;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Effect.Moment;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.fault.Faults;
import io.slsdispatch.local.ledger.LedgerEntry;
import io.slsdispatch.local.wire.Operation;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Something that is not the service answers each operation in turn, or what the service answers is changed on the way. */
@OnMiniCluster
class HostileAnswersE2eTest {

    private static final String GROUP = "hostile";
    private static final String ROUTES = "routes: [{topic: t, to: target}]\ndefault-route: fail\n";
    private static final int SHARDS = 2;
    /** What the job asks before it reads. */
    private static final List<Operation> AT_START = List.of(
            Operation.LIST_SHARDS, Operation.GET_CURSOR, Operation.GET_CHECK_POINT, Operation.CREATE_CONSUMER_GROUP);
    /** What it asks again and again. */
    private static final List<Operation> WHILE_RUNNING =
            List.of(Operation.PULL_LOGS, Operation.PUT_LOGS, Operation.LIST_SHARDS, Operation.UPDATE_CHECK_POINT);

    @WithLogstores(sourceShards = SHARDS, targets = "target")
    private Rig rig;

    static Stream<Effect> pages() {
        return Stream.of(
                new Effect.Answer(200, "text/html", "<html><body>Welcome</body></html>"),
                new Effect.Answer(200, "application/json", "[]"),
                new Effect.Answer(200, "application/json", "{}"),
                new Effect.Answer(403, "text/html", "<h1>Forbidden</h1>"),
                new Effect.Answer(404, "text/html", "<h1>Not Found</h1>"),
                new Effect.Answer(502, "text/html", "<h1>Bad Gateway</h1>"),
                new Effect.Answer(400, "application/json", "{\"errorCode\":\"\\u12\"}", true, Moment.BEFORE));
    }

    /** Of puts no more than two in a row may lack their request id, and what was written by them is written again. */
    private static Stream<Effect> changes() {
        return Stream.of(
                new Effect.Header("x-log-requestid", null),
                new Effect.Truncate(OptionalInt.empty(), false),
                new Effect.Corrupt());
    }

    /** It would begin at its fallback, or elsewhere, if it took a stranger's answer for a fact. */
    @ParameterizedTest
    @MethodSource("pages")
    void aStartAtTheConsumerGroupIsThatOfTheServiceWhateverElseAnswersFirst(Effect page) throws Exception {
        rig.writeToAll("old", 3, "t");
        try (SlsClient client = rig.client()) {
            client.createConsumerGroup(Rig.SOURCE, GROUP);
            for (int shard = 0; shard < SHARDS; shard++) {
                String end = client.cursor(Rig.SOURCE, shard, new CursorOrigin.End());
                client.commitCursor(Rig.SOURCE, GROUP, shard, end);
            }
        }
        int old = rig.entries(Rig.SOURCE.logstore()).size();
        rig.writeToAll("new", 3, "t");
        AT_START.forEach(operation ->
                rig.sls().faults().add(Fault.always(page).on(operation).times(2)));

        try (RunningJob job = RunningJob.startLasting(
                rig.config("start: group\nconsumer-group: " + GROUP, ROUTES), new SlsConnectors(), 2)) {
            job.awaitWhileRunning(
                    "the new ones", any -> assertThat(rig.entries("target")).hasSizeGreaterThanOrEqualTo(old));
        }
        Rig.assertExact(rig.reconcile(this::isNew, topic -> Set.of("target")));
        assertThat(rig.entries("target")).hasSize(old);
    }

    private boolean isNew(LedgerEntry entry) {
        return entry.position()
                >= rig.sls()
                                .shards(Rig.PROJECT, Rig.SOURCE.logstore())
                                .get(entry.shard())
                                .firstPosition()
                        + 3;
    }

    @Test
    void everythingArrivesAndNoPartOfTheJobEndsInSilence() throws Exception {
        try (RunningJob job =
                RunningJob.startLasting(rig.config("consumer-group: " + GROUP, ROUTES), new SlsConnectors(), 2)) {
            int step = 0;
            for (Operation operation : WHILE_RUNNING) {
                boolean isOften = operation == Operation.PULL_LOGS || operation == Operation.PUT_LOGS;
                Stream<Effect> effects = isOften ? Stream.concat(pages(), changes()) : pages().limit(3);
                for (Effect effect : effects.toList()) {
                    long id = rig.sls()
                            .faults()
                            .add(Fault.always(effect).on(operation).times(2));
                    rig.writeToAll("step " + step, 2, "t");
                    job.awaitWhileRunning(operation + " with " + effect, any -> assertThat(struck(id))
                            .isPositive());
                    awaitAll(job);
                    rig.sls().faults().remove(id);
                    step++;
                }
            }
            rig.writeToAll("last", 2, "t");
            awaitAll(job);
        }
        Rig.assertNoneIsMissing(rig.reconcile(topic -> Set.of("target")));
    }

    private long struck(long id) {
        return rig.sls().faults().list().stream()
                .filter(view -> view.id() == id)
                .mapToLong(Faults.View::struck)
                .sum();
    }

    private void awaitAll(RunningJob job) {
        job.awaitWhileRunning("all groups", any -> assertThat(
                        rig.reconcile(topic -> Set.of("target")).lost())
                .isZero());
    }
}
