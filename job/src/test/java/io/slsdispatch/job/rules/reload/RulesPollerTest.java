package io.slsdispatch.job.rules.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.job.rules.RuleTable;
import io.slsdispatch.job.rules.RuleTable.DefaultRule;
import io.slsdispatch.job.rules.RulesLoader.UnstableRulesException;
import io.slsdispatch.testing.CapturedLog;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

class RulesPollerTest {

    private static final Duration GENEROUS = Duration.ofMinutes(1);
    private static final RuleTable TABLE = new RuleTable(List.of(), new DefaultRule.Drop(), new DefaultRule.Fail());

    @Test
    void rulesAreReadAlthoughItCannotBeAskedHowFarTheSourceIsDelivered() {
        RulesPoller poller = new RulesPoller(
                new FixedRules(TABLE),
                new Unanswered(),
                new RulesMetrics(new UnregisteredMetricsGroup()),
                getClass().getClassLoader());
        poller.awaitReplay();
        poller.start();
        try {
            await().atMost(GENEROUS).until(() -> TABLE.equals(poller.latest()));

            assertThat(poller.isReplayed()).as("they wait all the same").isFalse();
        } finally {
            poller.close();
        }
    }

    /** A file of 86 bytes with an expression that exhausts the heap ended it once, and nobody heard of it. */
    @Test
    void laterRulesAreReadAfterAnErrorOfAnyKind() {
        Queue<Error> errors = new ConcurrentLinkedQueue<>(List.of(
                new OutOfMemoryError("of the test"),
                new StackOverflowError("of the test"),
                new NoClassDefFoundError()));
        CountedFailures group = new CountedFailures();
        RulesPoller poller = new RulesPoller(
                new FailingRules(errors),
                new Unanswered(),
                new RulesMetrics(group),
                getClass().getClassLoader());
        poller.start();
        try {
            await().atMost(GENEROUS).until(() -> TABLE.equals(poller.latest()));

            assertThat(group.counters.get("rulesPollFailures").getCount()).isEqualTo(3);
        } finally {
            poller.close();
        }
    }

    @Test
    void rulesAreReadAfterAnErrorInTheQuestionHowFarTheSourceIsDelivered() {
        ReplayProgress exhausted = new ReplayProgress() {
            @Override
            public Instant now() {
                throw new OutOfMemoryError("of the test");
            }

            @Override
            public boolean isDeliveredUpTo(Instant receipt) {
                throw new OutOfMemoryError("of the test");
            }
        };
        RulesPoller poller = new RulesPoller(
                new FixedRules(TABLE),
                exhausted,
                new RulesMetrics(new UnregisteredMetricsGroup()),
                getClass().getClassLoader());
        poller.awaitReplay();
        poller.start();
        try {
            await().atMost(GENEROUS).until(() -> TABLE.equals(poller.latest()));
        } finally {
            poller.close();
        }
    }

    @Test
    void anAddressThatCannotBeReadIsOneLineAtFirstWhateverItSays() {
        AtomicInteger polls = new AtomicInteger();
        RulesProvider unreachable = new RulesProvider() {
            @Override
            public Duration interval() {
                return Duration.ofMillis(1);
            }

            @Override
            public String location() {
                return "http://rules.test/rules.yaml";
            }

            @Override
            public RuleTable read() throws IOException {
                throw new IOException("request " + polls.incrementAndGet() + " was refused");
            }
        };
        ReplayProgress unanswered = new ReplayProgress() {
            @Override
            public Instant now() throws IOException {
                throw new IOException("query " + polls.get() + " was refused");
            }

            @Override
            public boolean isDeliveredUpTo(Instant receipt) {
                return false;
            }
        };
        RulesPoller poller = new RulesPoller(
                unreachable,
                unanswered,
                new RulesMetrics(new UnregisteredMetricsGroup()),
                getClass().getClassLoader());
        try (CapturedLog log = new CapturedLog(RulesPoller.class.getName())) {
            poller.awaitReplay();
            poller.start();
            await().atMost(GENEROUS).until(() -> polls.get() > 200);
            poller.close();

            // Two of each, should 200 polls take more than ten seconds.
            assertThat(log.lines()).hasSizeBetween(2, 6).noneMatch(line -> line.contains("\tat "));
            assertThat(log.lines())
                    .anyMatch(line -> line.contains("Cannot read the rules at http://rules.test/rules.yaml;"
                            + " the current rules stay in force, and reading is retried every 1 ms."
                            + " Make them readable from the JobManager. request 1 was refused"));
            assertThat(log.lines())
                    .anyMatch(line -> line.contains("new rules are deferred, and the query is repeated every 1 ms"));
        } finally {
            poller.close();
        }
    }

    /** A generator may write another text at each poll: nobody must wait for it in silence. */
    @Test
    void rulesThatNeverSettleAreReportedAndNeverTaken() {
        CountedFailures group = new CountedFailures();
        RulesPoller poller = new RulesPoller(
                new NeverStableRules(),
                new Unanswered(),
                new RulesMetrics(group),
                getClass().getClassLoader());
        poller.start();
        try {
            await().atMost(GENEROUS)
                    .until(() -> group.counters.get("rulesPollFailures").getCount() > 0);

            assertThat(poller.latest()).isNull();
        } finally {
            poller.close();
        }
    }

    private record NeverStableRules() implements RulesProvider {

        @Override
        public Duration interval() {
            return Duration.ofMillis(1);
        }

        @Override
        public String location() {
            return "test";
        }

        @Override
        public RuleTable read() throws UnstableRulesException {
            throw new UnstableRulesException("it changes while it is read");
        }
    }

    private record FailingRules(Queue<Error> errors) implements RulesProvider {

        @Override
        public Duration interval() {
            return Duration.ofMillis(1);
        }

        @Override
        public String location() {
            return "test";
        }

        @Override
        public RuleTable read() {
            Error next = errors.poll();
            if (next != null) {
                throw next;
            }
            return TABLE;
        }
    }

    private static final class CountedFailures extends UnregisteredMetricsGroup {

        private final Map<String, Counter> counters = new ConcurrentHashMap<>();

        @Override
        public MetricGroup addGroup(String name) {
            return this;
        }

        @Override
        public <C extends Counter> C counter(String name, C counter) {
            counters.put(name, counter);
            return counter;
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
