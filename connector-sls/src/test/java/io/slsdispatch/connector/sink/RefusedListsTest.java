package io.slsdispatch.connector.sink;

import static io.slsdispatch.connector.sink.WriterRig.config;
import static io.slsdispatch.connector.sink.WriterRig.delivery;
import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.client.PutRequest;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Targets that take no lists, by themselves or behind a gateway, and those that only seem so for a while. */
class RefusedListsTest {

    private static final long PLENTY = 1 << 30;
    private static final int GROUPS = 500;

    @ParameterizedTest
    @CsvSource({
        "501, BadResponse, '', false",
        "501, BadResponse, '', true",
        "502, BadResponse, '', false",
        "404, BadResponse, '', false",
        "400, Odd, '', true",
        "400, NotSupported, ID, false",
        "400, InvalidParameter, ID, true",
        "400, SomethingNew, ID, false",
        "400, SomethingNew, ID, true",
        "400, PostBodyInvalid, ID, false",
        "400, PostBodyUncompressError, ID, true"
    })
    void listsThatAreRefusedAreSwitchedOffByContrastAndTriedAgainAfterFiveMinutes(
            int status, String code, String requestId, boolean ordered) throws Exception {
        WriterRig rig = new WriterRig(
                config().delivery(delivery(ordered, true, 1, PLENTY)).build());
        rig.target.answering(
                request -> isList(request) ? FakeTarget.error(request.logstore(), status, code, requestId) : null);
        rig.writeMany(GROUPS);
        rig.flush();

        assertThat(rig.target.stored())
                .containsExactlyElementsOf(IntStream.range(0, GROUPS).boxed().toList());
        assertThat(lists(rig)).isLessThan(40);
        assertThat(rig.metrics.counted("sls.batchFallback")).isEqualTo(1);
        assertThat(rig.metrics.counted("numRecordsSendErrors")).isZero();

        long before = lists(rig);
        rig.advance(Duration.ofMinutes(4));
        rig.writeMany(50);
        rig.flush();
        assertThat(lists(rig)).isEqualTo(before);

        rig.advance(Duration.ofMinutes(2));
        rig.target.acceptingAll().hangingFor(request -> true);
        rig.writeMany(51);
        rig.target.hangingFor(request -> false);
        rig.target.takeOpen().accept();
        rig.flush();
        assertThat(lists(rig)).isGreaterThan(before);
    }

    /** One answer of the kind must not mean one group a request for as long as the job runs. */
    @ParameterizedTest
    @CsvSource({
        "400, SomethingNew, ID, 1",
        "400, NotSupported, ID, 1",
        "400, PostBodyInvalid, ID, 1",
        "501, BadResponse, '', 3"
    })
    void aFailureThatPassesLeavesListsOn(int status, String code, String requestId, int times) throws Exception {
        WriterRig rig = new WriterRig(
                config().delivery(delivery(false, true, 1, PLENTY)).build());
        int[] left = {times};
        rig.target.answering(request -> isList(request) && left[0]-- > 0
                ? FakeTarget.error(request.logstore(), status, code, requestId)
                : null);
        rig.target.hangingFor(
                request -> !isList(request) && request.groups().get(0).index() == 0);
        rig.writeMany(GROUPS);
        rig.target.takeOpen().accept();
        rig.flush();

        assertThat(rig.target.stored()).hasSize(GROUPS);
        assertThat(rig.target.requests()).hasSizeLessThan(40);
        assertThat(rig.metrics.counted("sls.batchFallback")).isZero();
    }

    /** Many lists fail in one bad time and a group of each is taken after it: that is no contrast. */
    @Test
    void theEndOfAStormDoesNotSwitchListsOff() throws Exception {
        WriterRig rig =
                new WriterRig(config().delivery(delivery(true, true, 8, PLENTY)).build());
        for (int shard = 0; shard < 8; shard++) {
            rig.write(shard, "topic", 100);
        }
        for (int i = 0; i < 10; i++) {
            for (int shard = 0; shard < 8; shard++) {
                rig.write(shard, "topic", 100);
            }
        }
        while (rig.target.openCount() > 0 && rig.target.stored().size() < 8) {
            rig.target.takeOpen().accept();
        }
        rig.runMails();
        rig.target.answering(request -> FakeTarget.error(request.logstore(), 502, "BadResponse", ""));
        while (rig.target.openCount() > 0) {
            FakeTarget.Open put = rig.target.takeOpen();
            put.fail(FakeTarget.error(put.request().logstore(), 502, "BadResponse", ""));
        }
        int before = rig.target.requests().size();
        rig.advance(Duration.ofMinutes(5));
        assertThat(rig.target.requests()).hasSizeLessThan(before + 8 * (5 * 60 / 5 * 2 + 20));
        rig.target.acceptingAll();
        rig.flush();

        assertThat(rig.metrics.counted("sls.batchFallback")).isZero();
        assertThat(rig.target.stored()).hasSize(88);
    }

    private static boolean isList(PutRequest request) {
        return request.groups().size() > 1;
    }

    private static long lists(WriterRig rig) {
        return rig.target.requests().stream().filter(RefusedListsTest::isList).count();
    }

    /** Of a list with one bad group only few requests carry it. */
    @Test
    void aBadGroupOfAThousandIsFoundWithFewRequests() throws Exception {
        WriterRig rig = new WriterRig(config().delivery(delivery(false, true, 1, PLENTY))
                .onReject(io.slsdispatch.connector.config.SinkConfig.OnReject.DROP)
                .build());
        rig.write();
        rig.writeMany(1000);
        rig.target.takeOpen().accept();
        rig.target.answering(request -> FakeTarget.indexes(request.groups()).contains(700)
                ? FakeTarget.error(request.logstore(), 400, "InvalidKey", "ID")
                : null);
        rig.flush();

        assertThat(rig.target.requests()).hasSizeLessThan(40);
        assertThat(rig.target.stored()).hasSize(1000).doesNotContain(700);
        List<Integer> again = List.of(700);
        assertThat(rig.target.sent()).contains(again);
    }
}
