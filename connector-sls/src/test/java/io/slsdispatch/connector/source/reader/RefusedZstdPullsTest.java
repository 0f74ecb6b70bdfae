package io.slsdispatch.connector.source.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.ErrorCodes;
import io.slsdispatch.connector.client.FakeSls;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.CompressionConfig;
import io.slsdispatch.connector.config.PullConfig;
import io.slsdispatch.connector.config.TestConfigs;
import io.slsdispatch.connector.metrics.SourceMetricNames;
import io.slsdispatch.connector.model.ByteSlice;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.wire.Compression;
import io.slsdispatch.connector.wire.Lz4;
import io.slsdispatch.testing.CapturedLog;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.apache.flink.metrics.Gauge;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A service that refuses zstd, or answers in LZ4 anyway, is read as LZ4. */
class RefusedZstdPullsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final byte[] GROUP = {0x0a, 3, 0x1a, 1, 't'};

    private final FakeSls service = new FakeSls(1);
    private final ReadingRig rig = new ReadingRig(
            service,
            TestConfigs.of(service.logstore())
                    .pulls(new PullConfig(1 << 20, 4, 1000, SECOND, SECOND, Compression.ZSTD))
                    .config());
    private long nanos;
    private int cursor;
    private ShardPuller puller;

    @BeforeEach
    void open() {
        rig.env.metrics().begin(0, 0);
        puller = new ShardPuller(
                ReadingRig.split(service, 0, Position.at(FakeSls.cursorOf(0)), null),
                rig.env,
                new GroupIndex.Builder(CompressionConfig.LZ4),
                () -> nanos,
                new Random(1));
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @ParameterizedTest
    @CsvSource({
        "400, InvalidCompressType, ID",
        "400, ParameterInvalid, ID",
        "406, NotAcceptable, ''",
        "415, NobodyKnowsThisCode, ID",
        "400, BadRequest, ''"
    })
    void aServiceThatRefusesZstdIsAskedForLz4(int status, String code, String requestId) throws IOException {
        for (int contrast = 0; contrast < 3; contrast++) {
            PullAction.Pull refused = next(Compression.ZSTD);
            puller.failed(refused, error(status, code, requestId));
            assertThat(puller.pauseNanos()).isZero();
            answerInLz4(next(Compression.LZ4));
        }

        answerInLz4(next(Compression.LZ4));
        answerInLz4(next(Compression.LZ4));
        assertThat(fallback()).isEqualTo(1);
    }

    @Test
    void aServiceThatAnswersInLz4AnywayIsAskedForIt() throws IOException {
        try (CapturedLog log = new CapturedLog(ReadFailures.class.getName())) {
            for (int answer = 0; answer < 3; answer++) {
                answerInLz4(next(Compression.ZSTD));
            }
            answerInLz4(next(Compression.LZ4));

            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains("does not send zstd", "it sends lz4 although zstd is requested", "compression: lz4");
        }
        assertThat(fallback()).isEqualTo(1);
    }

    @Test
    void itIsTriedAgainAfterAnHourAndWarnedOfOnce() throws IOException {
        try (CapturedLog log = new CapturedLog(ReadFailures.class.getName())) {
            for (int hour = 0; hour < 3; hour++) {
                for (int answer = 0; answer < 3; answer++) {
                    answerInLz4(next(Compression.ZSTD));
                }
                answerInLz4(next(Compression.LZ4));
                nanos += Duration.ofMinutes(61).toNanos();
            }
            assertThat(log.lines()).hasSize(1);
        }
        answerInZstd(next(Compression.ZSTD));
        assertThat(fallback()).isZero();
    }

    @Test
    void aDisturbanceDoesNotSwitchZstdOff() throws IOException {
        for (int time = 0; time < 5; time++) {
            puller.failed(next(Compression.ZSTD), error(500, "InternalServerError", "ID"));
            answerInZstd(next(Compression.ZSTD));
        }
        puller.unreadable(next(Compression.ZSTD), new IOException("cut"));
        answerInLz4(next(Compression.LZ4));
        answerInZstd(next(Compression.ZSTD));

        assertThat(fallback()).isZero();
    }

    /** Refused as LZ4, too: the job fails as it does without zstd. */
    @Test
    void aRequestThatIsRefusedInEveryFormFailsTheJob() throws IOException {
        SlsException refusal = error(400, "ParameterInvalid", "ID");
        puller.failed(next(Compression.ZSTD), refusal);

        PullAction.Pull again = next(Compression.LZ4);
        assertThatThrownBy(() -> puller.failed(again, refusal))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a retry cannot succeed");
    }

    private PullAction.Pull next(Compression expected) {
        PullAction.Pull pull = (PullAction.Pull) puller.nextAction();
        assertThat(pull.request().compression()).isEqualTo(expected);
        return pull;
    }

    private void answerInLz4(PullAction.Pull pull) throws IOException {
        byte[] block = new byte[Lz4.maxLength(GROUP.length)];
        int length = Lz4.compress(GROUP, 0, GROUP.length, block, 0);
        answer(pull, ByteSlice.of(Arrays.copyOf(block, length)));
    }

    /** A batch that is no LZ4 block came as zstd. */
    private void answerInZstd(PullAction.Pull pull) throws IOException {
        answer(pull, null);
    }

    private void answer(PullAction.Pull pull, ByteSlice block) throws IOException {
        nanos += SECOND.toNanos();
        cursor++;
        puller.pulled(
                pull,
                new PulledBatch(
                        GROUP, GROUP.length, block, 1, FakeSls.cursorOf(cursor), false, 1_700_000_000L, 0, () -> {}),
                1_000,
                0);
    }

    private static SlsException error(int status, String code, String requestId) {
        return new SlsException(
                ErrorCodes.kind("PullLogs", code, status), "PullLogs", "shard 0", status, code, requestId, "no", null);
    }

    private int fallback() {
        Gauge<Integer> gauge = rig.metrics
                .<Integer>getGauge(
                        SourceMetricNames.GROUP,
                        SourceMetricNames.LOGSTORE,
                        service.logstore().logstore(),
                        SourceMetricNames.LZ4_INSTEAD_OF_ZSTD)
                .orElseThrow();
        return gauge.getValue();
    }
}
