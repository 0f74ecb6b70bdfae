package io.slsdispatch.connector.sink;

import static io.slsdispatch.connector.sink.WriterRig.config;
import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.CompressionConfig;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.config.SinkConfig.OnReject;
import io.slsdispatch.connector.wire.Compression;
import io.slsdispatch.testing.CapturedLog;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A target that does not accept zstd gets LZ4, without a group that is lost or rejected for it. */
class RefusedZstdTest {

    private static final String FALLBACK = "sls.lz4InsteadOfZstd";
    private static final long PLENTY = 1 << 30;

    @ParameterizedTest
    @CsvSource({
        "400, InvalidCompressType, ID",
        "400, ParameterInvalid, ID",
        "400, PostBodyUncompressError, ID",
        "400, PostBodyInvalid, ID",
        "415, UnsupportedMediaType, ID",
        "501, NotImplemented, ID",
        "400, NobodyKnowsThisCode, ID",
        "400, BadResponse, ''",
        "502, BadResponse, ''"
    })
    void aTargetThatRefusesZstdGetsLz4(int status, String code, String requestId) throws Exception {
        for (boolean list : new boolean[] {false, true}) {
            WriterRig rig = rig(list);
            rig.target.answering(request -> isZstd(request) ? error(request, status, code, requestId) : null);
            for (int batch = 0; batch < 6; batch++) {
                rig.writeMany(list ? 5 : 1);
                rig.flush();
            }

            assertThat(rig.target.stored()).hasSize(list ? 30 : 6).doesNotHaveDuplicates();
            assertThat(rig.metrics.shown(FALLBACK)).isEqualTo(1);
            assertThat(rig.metrics.counted("numRecordsSendErrors")).isZero();
            assertThat(rig.metrics.counted("sls.batchFallback")).isZero();
            PutRequest last = rig.target.requests().get(rig.target.requests().size() - 1);
            int before = rig.target.requests().size();
            rig.write();
            rig.flush();
            assertThat(isZstd(last)).isFalse();
            assertThat(rig.target.requests()).as("no more tries").hasSize(before + 1);
        }
    }

    @Test
    void aTargetThatAcceptsZstdGetsOnlyZstd() throws Exception {
        WriterRig rig = rig(true);
        rig.target.acceptingAll();
        rig.writeMany(20);
        rig.flush();

        assertThat(rig.target.requests()).allMatch(RefusedZstdTest::isZstd);
        assertThat(rig.metrics.shown(FALLBACK)).isZero();
    }

    @Test
    void itIsWarnedOfOnceAndTriedAgainAfterAnHour() throws Exception {
        WriterRig rig = rig(false);
        rig.target.answering(
                request -> isZstd(request) ? error(request, 400, "InvalidCompressType", "REQUEST-7") : null);
        try (CapturedLog log = new CapturedLog("io.slsdispatch.connector.sink.SlsSinkWriter")) {
            for (int group = 0; group < 5; group++) {
                rig.write();
                rig.flush();
            }
            rig.advance(Duration.ofMinutes(59));
            int before = zstdRequests(rig);
            rig.write();
            rig.flush();
            assertThat(zstdRequests(rig)).isEqualTo(before);
            rig.advance(Duration.ofMinutes(2));
            for (int group = 0; group < 5; group++) {
                rig.write();
                rig.flush();
            }
            assertThat(zstdRequests(rig)).isEqualTo(before + 3);
            assertThat(log.lines().stream().filter(text -> text.contains("does not accept zstd")))
                    .singleElement()
                    .asString()
                    .contains("'nginx'", "compression: lz4", "REQUEST-7", "InvalidCompressType", "1 h");
        }
        assertThat(rig.target.stored()).hasSize(11).doesNotHaveDuplicates();
        assertThat(rig.metrics.shown(FALLBACK)).isEqualTo(1);
    }

    @Test
    void aTargetThatLearnsZstdGetsItAgain() throws Exception {
        WriterRig rig = rig(false);
        rig.target.answering(request -> isZstd(request) ? error(request, 400, "InvalidCompressType", "ID") : null);
        for (int group = 0; group < 5; group++) {
            rig.write();
            rig.flush();
        }
        rig.target.acceptingAll();
        rig.advance(Duration.ofMinutes(61));
        rig.write();
        rig.flush();

        assertThat(zstdRequests(rig)).isEqualTo(4);
        assertThat(rig.metrics.shown(FALLBACK)).isZero();
    }

    /** A group that is refused for its content is refused as LZ4, too: that says nothing about zstd. */
    @ParameterizedTest
    @ValueSource(strings = {"PostBodyInvalid", "InvalidTimestamp"})
    void aGroupThatIsRefusedInEveryFormIsRejectedAndZstdStaysOn(String code) throws Exception {
        WriterRig rig = new WriterRig(
                config().delivery(delivery(false)).onReject(OnReject.DROP).build());
        rig.target.answering(
                request -> request.groups().get(0).index() % 2 == 0 ? error(request, 400, code, "ID") : null);
        for (int group = 0; group < 10; group++) {
            rig.write();
            rig.flush();
        }

        assertThat(rig.target.stored()).containsExactly(1, 3, 5, 7, 9);
        assertThat(rig.metrics.counted("sls.dropped")).isEqualTo(5);
        assertThat(rig.metrics.shown(FALLBACK)).isZero();
        assertThat(rig.target.requests().get(rig.target.requests().size() - 1)).matches(RefusedZstdTest::isZstd);
    }

    /** The end of a bad time is no proof: what follows is accepted as zstd. */
    @Test
    void anOutageDoesNotSwitchZstdOff() throws Exception {
        WriterRig rig = rig(false);
        int[] failures = {0};
        rig.target.answering(
                request -> failures[0]++ % 7 < 5 ? error(request, 500, "InternalServerError", "ID") : null);
        for (int group = 0; group < 12; group++) {
            rig.write();
            rig.flush();
        }

        assertThat(rig.target.stored()).hasSize(12);
        assertThat(rig.metrics.shown(FALLBACK)).isZero();
        failures[0] = 5;
        rig.write();
        rig.flush();
        assertThat(rig.target.requests().get(rig.target.requests().size() - 1)).matches(RefusedZstdTest::isZstd);
    }

    /** A gateway that knows neither lists nor zstd: both are found out, one by the other. */
    @Test
    void aTargetWithoutListsAndWithoutZstdGetsSingleGroupsAsLz4() throws Exception {
        WriterRig rig = rig(true);
        rig.target.answering(request ->
                isZstd(request) || request.groups().size() > 1 ? error(request, 400, "NotSupported", "ID") : null);
        for (int batch = 0; batch < 12; batch++) {
            rig.writeMany(4);
            rig.flush();
        }

        assertThat(rig.target.stored()).hasSize(48).doesNotHaveDuplicates();
        assertThat(rig.metrics.shown(FALLBACK)).isEqualTo(1);
        assertThat(rig.metrics.counted("sls.batchFallback")).isEqualTo(1);
        assertThat(rig.metrics.counted("numRecordsSendErrors")).isZero();
    }

    @Test
    void deadLettersAreSentAsTheTargetIsAndFallBackOnTheirOwn() throws Exception {
        WriterRig rig = new WriterRig(
                WriterRig.withDeadLetters().delivery(delivery(false)).build());
        rig.target.answering(request -> {
            if (request.logstore().equals(WriterRig.TARGET)) {
                return error(request, 400, "InvalidTimestamp", "ID");
            }
            return isZstd(request) ? error(request, 400, "InvalidCompressType", "ID") : null;
        });
        for (int group = 0; group < 5; group++) {
            rig.write();
            rig.flush();
        }

        assertThat(rig.target.storedIn(WriterRig.DEAD_LETTERS)).hasSize(5);
        List<PutRequest> letters = rig.target.requests().stream()
                .filter(request -> request.logstore().equals(WriterRig.DEAD_LETTERS))
                .toList();
        assertThat(letters.stream().filter(RefusedZstdTest::isZstd)).hasSize(3);
        assertThat(rig.metrics.shown(FALLBACK)).as("of the target").isZero();
    }

    private static WriterRig rig(boolean list) {
        return new WriterRig(config().delivery(delivery(list)).build());
    }

    private static SinkConfig.Delivery delivery(boolean list) {
        return new SinkConfig.Delivery(false, list, false, 1, PLENTY, CompressionConfig.ZSTD);
    }

    private static boolean isZstd(PutRequest request) {
        return request.compression().kind() == Compression.ZSTD;
    }

    private static int zstdRequests(WriterRig rig) {
        return (int)
                rig.target.requests().stream().filter(RefusedZstdTest::isZstd).count();
    }

    private static SlsException error(PutRequest request, int status, String code, String requestId) {
        return FakeTarget.error(request.logstore(), status, code, requestId);
    }
}
