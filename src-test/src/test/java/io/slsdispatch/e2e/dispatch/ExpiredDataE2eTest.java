package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.e2e.dispatch.OnMiniCluster.WithLogstores;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Effect.ExpiredAnswer;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.ledger.Reconciliation;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A job that goes on after data has expired unread, with a service that answers so in each of the ways it might. */
@OnMiniCluster
class ExpiredDataE2eTest {

    private static final String ROUTES = "routes: [{topic: t, to: all}]\ndefault-route: fail\n";
    private static final int READ = 5;
    private static final int EXPIRED_UNREAD = 3;

    @WithLogstores(sourceShards = 2, targets = "all")
    private Rig rig;

    @ParameterizedTest
    @EnumSource
    void failsTheJobAndSaysWhatIsLost(ExpiredAnswer answer) throws Exception {
        String savepoint = savepointBehindWhichDataExpires(answer);

        try (RunningJob job = RunningJob.restore(rig.config("", ROUTES), 2, savepoint)) {
            assertThatThrownBy(job::awaitEnd)
                    .hasStackTraceContaining("Shard 0 of e2e-project/all-logs")
                    .hasStackTraceContaining("Skipped unread: " + EXPIRED_UNREAD + " groups")
                    .hasStackTraceContaining("on-expired-cursor");
        }
    }

    @ParameterizedTest
    @EnumSource
    void losesNothingElseWhenAllowedToGoOn(ExpiredAnswer answer) throws Exception {
        String savepoint = savepointBehindWhichDataExpires(answer);

        try (RunningJob job = RunningJob.restore(rig.config("on-expired-cursor: earliest", ROUTES), 2, savepoint)) {
            job.awaitWhileRunning("what is left", any -> {
                Reconciliation found = rig.reconcile(topic -> Set.of("all"));
                assertThat(found).hasToString("lost=" + EXPIRED_UNREAD + " duplicated=0 misrouted=0 altered=0");
            });
        }
    }

    private String savepointBehindWhichDataExpires(ExpiredAnswer answer) throws Exception {
        rig.writeToAll("read", READ, "t");
        String savepoint;
        try (RunningJob job = RunningJob.start(rig.config("", ROUTES), 2)) {
            job.awaitWhileRunning("all groups", any -> Rig.assertExact(rig.reconcile(topic -> Set.of("all"))));
            savepoint = job.stopWithSavepoint(rig.folder());
        }
        rig.writeToAll("unread", 2 * EXPIRED_UNREAD, "t");
        rig.sls().trim(Rig.PROJECT, Rig.SOURCE.logstore(), 0, READ + EXPIRED_UNREAD);
        if (answer != ExpiredAnswer.ERROR) {
            rig.sls().faults().add(Fault.always(new Effect.ExpiredCursor(answer)));
        }
        return savepoint;
    }
}
