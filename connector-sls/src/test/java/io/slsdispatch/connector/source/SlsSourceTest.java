package io.slsdispatch.connector.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.connector.client.FakeSls;
import io.slsdispatch.connector.client.FakeSls.Call;
import io.slsdispatch.connector.config.ExpiredCursorPolicy;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.model.Cursor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.executiongraph.ErrorInfo;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.scheduler.stopwithsavepoint.StopWithSavepointStoppingException;
import org.apache.flink.runtime.testutils.CommonTestUtils;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole source in a real, small Flink cluster. */
class SlsSourceTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(8)
            .build());

    @TempDir
    Path savepoints;

    private MiniCluster cluster;
    private FakeSls service;
    private final SourceJob job = new SourceJob();

    @BeforeEach
    void startService(@InjectMiniCluster MiniCluster cluster) {
        this.cluster = cluster;
        service = new FakeSls(4);
    }

    @AfterEach
    void stopService() {
        service.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 6})
    void readsEveryGroupOnceAndEndsByItselfWhenBounded(int parallelism) throws Exception {
        List<String> written = writeToAll("a", 250);

        JobClient client = job.start(
                SourceJob.source(service).stop(new StoppingPosition.Now()).build(), parallelism);
        client.getJobExecutionResult().get(1, TimeUnit.MINUTES);

        assertThat(job.emitted()).containsExactlyInAnyOrderElementsOf(written);
    }

    @Test
    void readsUpToAStopTimeThatComesWhileItRunsAlsoAfterARestore() throws Exception {
        List<String> written = writeToAll("a", 20);
        SlsSource source = SourceJob.source(service)
                .stop(new StoppingPosition.At(service.now().plusSeconds(100)))
                .build();
        JobClient client = job.start(source, 2);
        awaitEmitted(written);
        service.split(0, 2);
        written.addAll(writeToWritable("b", 20));
        awaitEmitted(written);
        String savepoint = stop(client);
        written.addAll(writeToWritable("c", 20));
        service.advanceSeconds(100);
        writeToWritable("too late", 20);
        service.advanceSeconds(100);

        job.restore(source, 3, savepoint).getJobExecutionResult().get(1, TimeUnit.MINUTES);

        assertThat(job.emitted()).containsExactlyInAnyOrderElementsOf(written);
    }

    @Test
    void readsOnInOrderThroughSplitsAndMerges() throws Exception {
        List<String> written = writeToAll("a", 100);
        JobClient client = job.start(SourceJob.source(service).build(), 2);
        awaitEmitted(written);

        List<Integer> children = service.split(0, 3);
        children.forEach(child -> written.addAll(write(child, "b", 50)));
        int merged = service.merge(1, 2);
        written.addAll(write(merged, "c", 50));
        List<Integer> grandchildren = service.split(children.get(1), 2);
        grandchildren.forEach(child -> written.addAll(write(child, "d", 50)));

        awaitEmitted(written);
        client.cancel().get();
        assertThat(job.emitted()).doesNotHaveDuplicates();
        String childPrefix = "b-" + children.get(1) + "-";
        String grandchildPrefix = "d-" + grandchildren.get(0) + "-";
        List<String> emitted = job.emitted();
        int lastOfChild = emitted.lastIndexOf(childPrefix + 49);
        int firstOfGrandchild = emitted.indexOf(grandchildPrefix + 0);
        assertThat(firstOfGrandchild).isGreaterThan(lastOfChild);
    }

    @Test
    void losesNothingWhenTheTaskFailsAgainAndAgain() throws Exception {
        List<String> written = writeToAll("a", 100);
        JobClient client = job.start(SourceJob.source(service).build(), 2);
        for (int round = 0; round < 3; round++) {
            awaitEmitted(written);
            job.failOnNext();
            service.split(service.shards().get(service.shards().size() - 1).id(), 2);
            written.addAll(writeToWritable("r" + round, 50));
        }
        awaitEmitted(written);
        client.cancel().get();
    }

    @Test
    void goesOnExactlyWhereASavepointWasTakenAtAnyParallelism() throws Exception {
        List<String> written = writeToAll("a", 100);
        JobClient client = job.start(SourceJob.source(service).build(), 2);
        awaitEmitted(written);

        for (int parallelism : new int[] {2, 3, 7, 1}) {
            String savepoint = stop(client);
            int pullsBefore = service.calls("PullLogs").size();
            Map<Integer, Integer> groupsBefore = service.groupCounts();
            service.split(service.shards().get(service.shards().size() - 1).id(), 2);
            written.addAll(writeToWritable("p" + parallelism, 40));
            client = job.restore(SourceJob.source(service).build(), parallelism, savepoint);
            awaitEmitted(written);
            List<Call> pulls = service.calls("PullLogs");
            checkPulls(pulls.subList(pullsBefore, pulls.size()), groupsBefore);
        }
        client.cancel().get();

        assertThat(job.emitted()).containsExactlyInAnyOrderElementsOf(written);
    }

    /** Each shard is pulled by one reader, from where the savepoint was on. */
    private static void checkPulls(List<Call> pulls, Map<Integer, Integer> groupsBefore) {
        assertThat(pulls).allSatisfy(pull -> assertThat(FakeSls.groupAt(Cursor.of(pull.detail())))
                .isGreaterThanOrEqualTo(groupsBefore.getOrDefault(pull.shard(), 0)));
        pulls.stream().collect(Collectors.groupingBy(Call::shard)).forEach((shard, ofShard) -> assertThat(ofShard)
                .as("pulls of shard %s", shard)
                .extracting(Call::client)
                .containsOnly(ofShard.get(0).client()));
    }

    private String stop(JobClient client) throws Exception {
        // A task without a shard may still be starting, and a savepoint is of tasks that run.
        CommonTestUtils.waitForAllTaskRunning(cluster, client.getJobID(), false);
        try {
            return client.stopWithSavepoint(false, savepoints.toUri().toString(), SavepointFormatType.CANONICAL)
                    .get(1, TimeUnit.MINUTES);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StopWithSavepointStoppingException stopping && hasLostAnEvent(client)) {
                return stopping.getSavepointPath();
            }
            throw e;
        }
    }

    /**
     * Whether Flink has sent a task something while that was ending behind the savepoint, such as the news that a shard was
     * closed: it then fails the job, which would go on, and has a good savepoint.
     */
    private boolean hasLostAnEvent(JobClient client) throws Exception {
        for (AccessExecutionVertex task : cluster.getArchivedExecutionGraph(client.getJobID())
                .get(1, TimeUnit.MINUTES)
                .getAllExecutionVertices()) {
            ErrorInfo failure = task.getFailureInfo().orElse(null);
            if (failure != null
                    && failure.getExceptionAsString().contains("An OperatorEvent from an OperatorCoordinator")) {
                return true;
            }
        }
        return false;
    }

    @Test
    void goesOnWithWhatIsLeftWhenASavepointIsOlderThanTheRetentionAndThatIsAllowed() throws Exception {
        List<String> written = writeToAll("a", 10);
        JobClient client = job.start(SourceJob.source(service).build(), 2);
        awaitEmitted(written);
        String savepoint = stop(client);
        outlive();
        List<String> left = writeToWritable("left", 10);

        JobClient restored = job.restore(
                SourceJob.source(service)
                        .onExpiredCursor(ExpiredCursorPolicy.EARLIEST)
                        .build(),
                3,
                savepoint);
        awaitEmitted(left);
        restored.cancel().get();

        assertThat(job.emitted()).doesNotHaveDuplicates().noneMatch(group -> group.startsWith("lost"));
    }

    @Test
    void failsWhenASavepointIsOlderThanTheRetention() throws Exception {
        List<String> written = writeToAll("a", 10);
        JobClient client = job.start(SourceJob.source(service).build(), 2);
        awaitEmitted(written);
        String savepoint = stop(client);
        outlive();

        JobClient restored = job.restoreOnce(SourceJob.source(service).build(), 3, savepoint);

        assertThatThrownBy(() -> restored.getJobExecutionResult().get(1, TimeUnit.MINUTES))
                .satisfies(error -> assertThat(ExceptionUtils.findThrowableWithMessage(error, "on-expired-cursor"))
                        .isPresent());
    }

    /** Some shards are trimmed, others are split and gone. */
    private void outlive() {
        writeToAll("lost", 10);
        service.split(0, 2);
        service.remove(0);
        service.trim(1, 20);
        service.merge(2, 3);
        service.trim(2, 20);
        service.trim(3, 20);
    }

    @Test
    void stopsWithASavepointWhileTheServiceHangs() throws Exception {
        List<String> written = writeToAll("a", 10);
        JobClient client = job.start(SourceJob.source(service).build(), 2);
        awaitEmitted(written);
        service.hang(call -> true);
        await("hanging pulls")
                .atMost(LONG)
                .until(() -> service.unanswered().stream()
                                .filter(call -> call.operation().equals("PullLogs"))
                                .count()
                        == 4);

        String savepoint = stop(client);
        service.heal();
        written.addAll(writeToAll("b", 10));
        JobClient restored = job.restore(SourceJob.source(service).build(), 2, savepoint);
        awaitEmitted(written);
        restored.cancel().get();

        assertThat(job.emitted()).doesNotHaveDuplicates();
    }

    @Test
    void showsProgressInTheConsumerGroup() throws Exception {
        List<String> written = writeToAll("a", 30);
        JobClient client =
                job.start(SourceJob.source(service).consumerGroup("progress").build(), 2);
        awaitEmitted(written);

        await("commits").atMost(LONG).untilAsserted(() -> assertThat(service.committed("progress"))
                .hasSize(4)
                .allSatisfy((shard, cursor) -> assertThat(cursor).isEqualTo(FakeSls.cursorOf(30))));
        client.cancel().get();
    }

    /** Who starts from the group would else repeat what the run has delivered. */
    @Test
    void aBoundedRunEndsWithTheCommitOfItsLastCheckpoint() throws Exception {
        writeToAll("a", 30);
        JobClient client = job.start(
                SourceJob.source(service)
                        .consumerGroup("progress")
                        .stop(new StoppingPosition.Now())
                        .build(),
                2);
        client.getJobExecutionResult().get(1, TimeUnit.MINUTES);

        assertThat(service.committed("progress")).hasSize(4).allSatisfy((shard, cursor) -> assertThat(cursor)
                .isEqualTo(FakeSls.cursorOf(30)));
    }

    @Test
    void canBeCancelledWhileTheServiceHangs() throws Exception {
        writeToAll("a", 10);
        service.hang(call -> call.operation().equals("PullLogs"));
        JobClient client = job.start(SourceJob.source(service).build(), 2);
        await("pulls").atMost(LONG).until(() -> service.calls("PullLogs").size() == 4);

        client.cancel().get(1, TimeUnit.MINUTES);
        await("the end").atMost(LONG).until(() -> client.getJobStatus().get().isGloballyTerminalState());
    }

    @Test
    void pullsEveryShardByOneReaderOnly() throws Exception {
        List<String> written = writeToAll("a", 20);
        JobClient client = job.start(SourceJob.source(service).build(), 3);
        awaitEmitted(written);
        client.cancel().get();

        assertThat(service.calls("PullLogs").stream()
                        .map(Call::shard)
                        .distinct()
                        .count())
                .isEqualTo(service.calls("PullLogs").stream()
                        .map(call -> call.client() + "/" + call.shard())
                        .distinct()
                        .count());
    }

    private List<String> writeToAll(String prefix, int count) {
        List<String> written = new ArrayList<>();
        service.shards().forEach(shard -> written.addAll(write(shard.id(), prefix, count)));
        return written;
    }

    private List<String> writeToWritable(String prefix, int count) {
        List<String> written = new ArrayList<>();
        service.shards().stream()
                .filter(shard -> shard.writable())
                .forEach(shard -> written.addAll(write(shard.id(), prefix, count)));
        return written;
    }

    private List<String> write(int shard, String prefix, int count) {
        List<String> written = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String content = prefix + "-" + shard + "-" + i;
            service.write(shard, "topic-" + i % 3, content);
            written.add(content);
        }
        return written;
    }

    private void awaitEmitted(List<String> written) {
        await("all groups to be emitted").atMost(LONG).untilAsserted(() -> assertThat(new HashSet<>(job.emitted()))
                .containsAll(written));
    }
}
