package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.e2e.dispatch.OnMiniCluster.WithLogstores;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.ledger.GroupDigest;
import io.slsdispatch.local.wire.Operation;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The clocks of the machines differ from the service's by more than it tolerates. */
@OnMiniCluster
class WrongClockE2eTest {

    private static final LogstoreId DEAD_LETTERS = new LogstoreId(Rig.PROJECT, "dead-letters");
    private static final Duration AHEAD = Duration.ofHours(1);

    @WithLogstores(
            sourceShards = 2,
            targets = {"good", "bad"})
    private Rig rig;

    @Test
    void aJobFlowsThoughItsClockIsAnHourOff() throws Exception {
        rig.sls().createLogstore(Rig.PROJECT, DEAD_LETTERS.logstore(), 1);
        rig.sls()
                .faults()
                .add(Fault.always(new Effect.Refuse(400, "PostBodyInvalid", "rejected", Effect.Moment.BEFORE))
                        .on(Operation.PUT_LOGS)
                        .inLogstore("bad"));
        rig.sls().faults().add(Fault.always(new Effect.ClockSkew(AHEAD)));
        rig.writeToAll("first", 200, "good", "bad");
        rig.settings("bad", "on-reject: dead-letter, dead-letter: {logstore: dead-letters}");

        try (RunningJob job = RunningJob.start(rig.config("", """
                        routes:
                          - {topic: good, to: good}
                          - {topic: bad, to: bad}
                        default-route: fail
                        """), 2)) {
            job.awaitWhileRunning(
                    "the good ones", any -> assertThat(rig.entries("good")).hasSizeGreaterThanOrEqualTo(200));
            job.awaitWhileRunning(
                    "the dead letters", any -> assertThat(deadLetters()).hasSizeGreaterThanOrEqualTo(200));

            // As when the machine's clock is corrected.
            rig.sls().faults().clear();
            rig.writeToAll("later", 100, "good");
            job.awaitWhileRunning(
                    "later ones", any -> assertThat(rig.entries("good")).hasSizeGreaterThanOrEqualTo(300));
        }
    }

    /** The dead letters, whose times are the service's. */
    private Set<GroupDigest> deadLetters() throws Exception {
        Set<GroupDigest> found = new HashSet<>();
        try (SlsClient client = rig.client()) {
            new LetterBox(client, DEAD_LETTERS).of("bad").entries().forEachRemaining(letter -> {
                found.add(letter.digest());
            });
        }
        return found;
    }
}
