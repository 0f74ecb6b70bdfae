package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.e2e.dispatch.OnMiniCluster.WithLogstores;
import io.slsdispatch.local.settings.Assumption;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The whole job with a service that answers otherwise than assumed, in ways that the job sees. */
@OnMiniCluster
class UnlikeServiceE2eTest {

    private static final String ROUTES = "routes: [{topic: t, to: all}]\ndefault-route: fail\n";

    @WithLogstores(sourceShards = 2, targets = "all")
    private Rig rig;

    @Test
    void nothingIsLostOrChangedAtAServiceThatDiffersInElevenWays() throws Exception {
        Map<Assumption, String> unlike = new EnumMap<>(Assumption.class);
        for (Assumption each : new Assumption[] {
            Assumption.CURSOR_FORM,
            Assumption.CURSOR_CONTIGUITY,
            Assumption.HEADER_CURSOR_TIME,
            Assumption.HEADER_READ_LAST_CURSOR,
            Assumption.HEADER_END_OF_CURSOR,
            Assumption.HEADER_TIME,
            Assumption.CLOCK,
            Assumption.BATCH_GROUP_LB,
            Assumption.BATCH_GROUP_ROUTE,
            Assumption.CUT_BLOCKS,
            Assumption.CODE_GROUP_QUOTA
        }) {
            unlike.put(each, each.otherAnswer());
        }
        rig.sls().answerUnlike(unlike);
        rig.writeToAll("first", 200, "t");

        RunningJob.run(rig.config("stop: now\nconsumer-group: unlike", ROUTES), 2);

        Rig.assertExact(rig.reconcile(topic -> Set.of("all")));
        assertThat(rig.entries("all")).hasSize(400);
    }
}
