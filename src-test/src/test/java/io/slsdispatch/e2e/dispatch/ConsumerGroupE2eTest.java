package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.aliyun.openservices.log.Client;
import com.aliyun.openservices.log.common.auth.DefaultCredentials;
import com.aliyun.openservices.log.common.auth.StaticCredentialsProvider;
import com.aliyun.openservices.log.exception.LogException;
import com.aliyun.openservices.log.http.client.ClientConfiguration;
import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.e2e.dispatch.OnMiniCluster.WithLogstores;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.store.shard.ShardInfo;
import io.slsdispatch.local.wire.Operation;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Consumer groups that others delete, and the last commit of a bounded run. */
@OnMiniCluster
class ConsumerGroupE2eTest {

    private static final String GROUP = "progress";
    private static final String ROUTES = "routes: [{topic: t, to: all}]\ndefault-route: fail\n";
    private static final int SHARDS = 4;

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

    @Test
    void aGroupThatIsDeletedIsCreatedAgainWithTheProgressOfAllShards() throws Exception {
        rig.writeToAll("first", 3, "t");
        try (RunningJob job = RunningJob.start(rig.config("consumer-group: " + GROUP, ROUTES), 2)) {
            job.awaitWhileRunning("progress", any -> assertAllCommitted());
            deleteGroup();
            for (int shard = 0; shard < SHARDS; shard++) {
                rig.write(shard, TestGroups.group("t", "second " + shard));
            }
            job.awaitWhileRunning("progress", any -> assertAllCommitted());
        }
        Rig.assertExact(rig.reconcile(topic -> Set.of("all")));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, SHARDS, 6})
    void aLogstoreThatIsDeletedAndCreatedAgainIsReadFromItsBeginningWhenThatIsAllowed(int shards) throws Exception {
        rig.writeToAll("first", 3, "t");
        String config = "on-expired-cursor: earliest\nconsumer-group: " + GROUP;
        try (RunningJob job = RunningJob.startLasting(rig.config(config, ROUTES), new WatchedConnectors(), 2)) {
            job.awaitWhileRunning("progress", any -> assertAllCommitted());
            rig.sls().recreateLogstore(Rig.PROJECT, Rig.SOURCE.logstore(), shards);
            rig.writeToAll("second", 3, "t");
            job.awaitWhileRunning("the new ones", any -> assertThat(
                            rig.reconcile(topic -> Set.of("all")).lost())
                    .isZero());
            job.awaitWhileRunning("progress", any -> assertAllCommitted());
        }
        assertThat(rig.entries("all")).hasSize(3 * SHARDS + 3 * shards);
    }

    @Test
    void aLogstoreThatIsDeletedAndCreatedAgainFailsTheJobAndIsNamed() throws Exception {
        rig.writeToAll("first", 3, "t");
        try (RunningJob job = RunningJob.start(rig.config("consumer-group: " + GROUP, ROUTES), 2)) {
            job.awaitWhileRunning("progress", any -> assertAllCommitted());
            rig.sls().recreateLogstore(Rig.PROJECT, Rig.SOURCE.logstore(), SHARDS);
            assertThatThrownBy(job::awaitEnd)
                    .hasStackTraceContaining("deleted and recreated")
                    .hasStackTraceContaining("on-expired-cursor");
        }
    }

    @Test
    void aBoundedRunEndsWithItsLastCommitSoThatTheNextOneRepeatsNothing() throws Exception {
        rig.sls()
                .faults()
                .add(Fault.always(new Effect.Refuse(503, "ServerBusy", "busy", Effect.Moment.BEFORE))
                        .on(Operation.UPDATE_CHECK_POINT)
                        .withProbability(0.5));
        for (int round = 0; round < 3; round++) {
            rig.writeToAll("round " + round, 3, "t");
            RunningJob.run(
                    rig.config("start: group\nstart-fallback: begin\nstop: now\nconsumer-group: " + GROUP, ROUTES), 2);
            assertAllCommitted();
        }
        Rig.assertExact(rig.reconcile(topic -> Set.of("all")));
    }

    @Test
    void aCommitWithoutAnswerDoesNotHoldTheEndOfABoundedRun() throws Exception {
        rig.writeToAll("first", 3, "t");
        rig.sls()
                .faults()
                .add(Fault.always(new Effect.Hang(Effect.Moment.BEFORE)).on(Operation.UPDATE_CHECK_POINT));
        RunningJob.run(rig.config("stop: now\nconsumer-group: " + GROUP, ROUTES), 2);

        Rig.assertExact(rig.reconcile(topic -> Set.of("all")));
    }

    private void deleteGroup() throws LogException {
        ClientConfiguration viaProxy = new ClientConfiguration();
        viaProxy.setProxyHost("127.0.0.1");
        viaProxy.setProxyPort(rig.sls().port());
        new Client(
                        "http://sls.test",
                        new StaticCredentialsProvider(new DefaultCredentials(Rig.KEY_ID, Rig.SECRET)),
                        viaProxy,
                        "127.0.0.1")
                .DeleteConsumerGroup(Rig.PROJECT, Rig.SOURCE.logstore(), GROUP);
    }

    private void assertAllCommitted() throws Exception {
        Map<Integer, String> ends = new HashMap<>();
        for (ShardInfo shard : rig.sls().shards(Rig.PROJECT, Rig.SOURCE.logstore())) {
            ends.put(shard.id(), client.cursor(Rig.SOURCE, shard.id(), new CursorOrigin.End()));
        }
        assertThat(committed()).isEqualTo(ends);
    }

    private Map<Integer, String> committed() throws SlsException {
        try {
            return client.consumerGroupCursors(Rig.SOURCE, GROUP);
        } catch (SlsException e) {
            if (e.kind() != ErrorKind.NOT_FOUND) {
                throw e;
            }
            return Map.of();
        }
    }
}
