package io.slsdispatch.job.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.job.routing.Otherwise;
import io.slsdispatch.job.routing.RouteTable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

class RulesPollTest {

    private static final Duration GENEROUS = Duration.ofMinutes(1);
    private static final RouteTable TABLE = new RouteTable(List.of(), new Otherwise.Drop(), new Otherwise.Fail());

    @Test
    void rulesAreReadAlthoughItCannotBeAskedHowFarTheSourceIsDelivered() {
        RulesPoll poll = new RulesPoll(
                new FixedRules(TABLE),
                new Unanswered(),
                new RulesMetrics(new UnregisteredMetricsGroup()),
                getClass().getClassLoader());
        poll.awaitReplay();
        poll.start();
        try {
            await().atMost(GENEROUS).until(() -> TABLE.equals(poll.latest()));

            assertThat(poll.isReplayed()).as("they wait all the same").isFalse();
        } finally {
            poll.close();
        }
    }

    private static final class Unanswered implements ReplayProgress {

        private static final long serialVersionUID = 1L;

        @Override
        public Instant now() throws IOException {
            throw new IOException("no answer");
        }

        @Override
        public boolean isDeliveredUpTo(Instant receipt) throws IOException {
            throw new IOException("no answer");
        }
    }
}
