package io.slsdispatch.connector.source.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.connector.client.ErrorCodes;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.FakeSls;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.TestConfigs;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.testing.CapturedLog;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a reader logs while the service fails: few lines for all shards together, each with what to do. */
class CalmReadFailuresTest {

    private final FakeSls service = new FakeSls(1);

    @Test
    void anUnreachableSourceOfManyShardsIsAFewLines() throws Exception {
        List<String> lines = lines(-1, ErrorCodes.NO_ANSWER, "", 300);

        assertThat(lines).hasSizeBetween(4, 7).allSatisfy(line -> assertThat(line)
                .contains(
                        "reading fails; retrying until it succeeds. Check the endpoint, and whether this machine"
                                + " reaches it. ",
                        "Connection refused")
                .doesNotContain("permission", "credentials"));
    }

    @Test
    void aMissingPermissionIsAFewLinesWithTheEndOfTheGrace() throws Exception {
        List<String> lines = lines(401, "Unauthorized", "ID", 59);

        assertThat(lines).hasSize(3).allSatisfy(line -> assertThat(line)
                .contains("reading fails; retrying until 20", " UTC. Check the permissions of the credentials"));
    }

    @Test
    void commitsThatFailAreAFewLines() {
        AtomicLong nanos = new AtomicLong();
        service.refuse(ErrorKind.UNAVAILABLE, "UpdateCheckPoint");
        try (CapturedLog log = new CapturedLog(CursorCommitter.class.getName());
                ReadingRig rig = new ReadingRig(
                        service, TestConfigs.of(service.logstore()).config());
                CursorCommitter committer = new CursorCommitter(
                        rig.env.client(), service.logstore(), "progress", rig.env.metrics(), "test", nanos::get)) {
            service.commit("progress", 9, FakeSls.cursorOf(0));
            for (int checkpoint = 1; checkpoint <= 60; checkpoint++) {
                int before = service.calls("UpdateCheckPoint").size();
                committer.snapshot(
                        checkpoint,
                        List.of(ReadingRig.split(service, 0, Position.at(FakeSls.cursorOf(checkpoint)), null)));
                committer.completed(checkpoint);
                await().until(() -> service.calls("UpdateCheckPoint").size() > before);
                nanos.addAndGet(Duration.ofSeconds(10).toNanos());
            }

            assertThat(log.lines()).hasSizeBetween(2, 8).allSatisfy(line -> assertThat(line)
                    .contains(
                            "to consumer group 'progress' fails; each checkpoint retries it, and delivery continues"));
        }
    }

    /** Of 50 shards, each retried every second. */
    private List<String> lines(int status, String code, String requestId, int seconds) throws Exception {
        try (CapturedLog log = new CapturedLog("io.slsdispatch.connector.source");
                ReadingRig rig = new ReadingRig(
                        service, TestConfigs.of(service.logstore()).config())) {
            SlsException error = new SlsException(
                    ErrorCodes.kind("PullLogs", code, status),
                    "PullLogs",
                    service.logstore() + " shard 0",
                    status,
                    code,
                    requestId,
                    "Connection refused",
                    null);
            List<ReadFailures> shards = IntStream.range(0, 50)
                    .mapToObj(shard -> new ReadFailures(rig.env, shard, rig::nanoTime))
                    .toList();
            for (int second = 0; second < seconds; second++) {
                for (ReadFailures shard : shards) {
                    shard.judge(error);
                }
                rig.advance(Duration.ofSeconds(1));
            }
            return log.lines();
        }
    }
}
