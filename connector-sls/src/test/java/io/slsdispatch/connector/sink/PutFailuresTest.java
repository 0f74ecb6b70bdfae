package io.slsdispatch.connector.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.config.SinkConfig.OnReject;
import io.slsdispatch.connector.model.RawLogGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of groups when puts fail: by the kind of error, with lists and single groups, in order and not. */
class PutFailuresTest {

    private static final long PLENTY = 1 << 30;
    private static final int GROUPS = 60;
    private static final int BAD = 37;

    /** An error, and what it says. */
    private enum Failure {
        CONTENT(400, "InvalidTimestamp", "ID", true, true),
        CONTENT_IN_ANOTHER_CASE(400, "INVALIDTIMESTAMP", "ID", true, true),
        PARSING(400, "PostBodyInvalid", "ID", true, true),
        UNKNOWN(400, "SomethingNew", "ID", true, false),
        REQUEST(400, "InvalidHost", "ID", false, false),
        REQUEST_IN_ANOTHER_CASE(400, "invalidhost", "ID", false, false),
        PARAMETER(400, "InvalidParameter", "ID", false, false),
        GATEWAY_WITH_A_CODE_OF_THE_SERVICE(400, "InvalidTimestamp", "", false, false),
        GATEWAY_WITH_A_CODE_OF_ITS_OWN(400, "BadGateway", "", false, false),
        GATEWAY_WITHOUT_LISTS(501, "BadResponse", "", false, false),
        SERVER(500, "InternalServerError", "ID", false, false);

        private final int status;
        private final String code;
        private final String requestId;
        private final boolean rejectsOneOfMany;
        private final boolean rejectsAll;

        Failure(int status, String code, String requestId, boolean rejectsOneOfMany, boolean rejectsAll) {
            this.status = status;
            this.code = code;
            this.requestId = requestId;
            this.rejectsOneOfMany = rejectsOneOfMany;
            this.rejectsAll = rejectsAll;
        }

        SlsException of(PutRequest request) {
            return FakeTarget.error(request.logstore(), status, code, requestId);
        }

        boolean failsTheJobInTheEnd() {
            return !requestId.isEmpty() && status < 500 && !rejectsAll;
        }
    }

    private record Case(Failure failure, boolean lists, boolean ordered) {

        WriterRig rig() {
            return new WriterRig(config(OnReject.DROP));
        }

        SinkConfig config(OnReject onReject) {
            return WriterRig.config()
                    .delivery(WriterRig.delivery(ordered, lists, 4, PLENTY))
                    .onReject(onReject)
                    .build();
        }
    }

    private static Stream<Case> all() {
        return Stream.of(Failure.values())
                .flatMap(failure -> Stream.of(
                        new Case(failure, false, false),
                        new Case(failure, false, true),
                        new Case(failure, true, false),
                        new Case(failure, true, true)));
    }

    private static Stream<Case> thatRejectOne() {
        return all().filter(one -> one.failure.rejectsOneOfMany);
    }

    private static Stream<Case> thatRejectNone() {
        return all().filter(one -> !one.failure.rejectsAll);
    }

    private static Stream<Case> thatFailTheJob() {
        return all().filter(one -> one.failure.failsTheJobInTheEnd());
    }

    @ParameterizedTest
    @MethodSource("thatRejectOne")
    void oneBadGroupIsRejectedWithinSecondsAndNoOther(Case one) throws Exception {
        WriterRig rig = one.rig();
        rig.target.answering(onlyFor(BAD, one.failure));
        write(rig);

        rig.advance(Duration.ofSeconds(10));
        assertThat(rig.metrics.counted("sls.dropped")).isEqualTo(1);
        rig.flush();

        assertStoredOnce(rig, one, BAD);
        assertThat(rig.metrics.counted("sls.batchFallback")).isZero();
    }

    @ParameterizedTest
    @MethodSource("thatRejectNone")
    void whatIsNotAboutAGroupRejectsNoneHoweverOftenItComes(Case one) throws Exception {
        WriterRig rig = one.rig();
        rig.target.answering(one.failure::of);
        write(rig);
        rig.advance(Duration.ofMinutes(9));
        int requestsOfTheBadTime = rig.target.requests().size();
        rig.target.acceptingAll();
        rig.flush();

        assertThat(rig.metrics.counted("numRecordsSendErrors")).isZero();
        assertStoredOnce(rig, one, -1);
        // Four requests, and one group that others may pass, each repeated with a mean wait of 5 s.
        assertThat(requestsOfTheBadTime).isLessThan(5 * (9 * 60 / 5 * 2 + 20));
        assertThat(rig.target.requests()).hasSizeLessThan(requestsOfTheBadTime + 2 * GROUPS);
    }

    @ParameterizedTest
    @MethodSource("thatFailTheJob")
    void whatIsAboutTheRequestFailsTheJobAfterTheGrace(Case one) throws Exception {
        WriterRig rig = one.rig();
        rig.target.answering(one.failure::of);
        write(rig);
        rig.advance(Duration.ofMinutes(9));

        assertThatThrownBy(() -> rig.advance(Duration.ofMinutes(3)))
                .hasMessageContaining("target 'nginx' (project/target) rejected")
                .hasMessageContaining("retry.codes-about-group")
                .hasMessageContaining(one.failure.code);
        assertThat(rig.metrics.counted("sls.dropped")).isZero();
    }

    /** Requests in flight when the target begins to refuse everything may still be accepted: that is no contrast. */
    @ParameterizedTest
    @MethodSource("thatRejectNone")
    void aTargetThatBeginsToRefuseEverythingRejectsNothing(Case one) throws Exception {
        WriterRig rig = one.rig();
        write(rig);
        while (rig.target.openCount() > 1) {
            FakeTarget.Open put = rig.target.takeOpen();
            put.fail(one.failure.of(put.request()));
        }
        rig.target.takeOpen().accept();
        rig.target.answering(one.failure::of);
        rig.advance(Duration.ofMinutes(5));
        write(rig);
        rig.advance(Duration.ofMinutes(1));

        assertThat(rig.metrics.counted("numRecordsSendErrors")).isZero();
        rig.target.acceptingAll();
        rig.flush();
        assertThat(rig.target.stored())
                .containsAll(IntStream.range(0, 2 * GROUPS).boxed().toList());
    }

    @Test
    void aLoneGroupWithAnUnknownCodeIsNeverRejectedAndFailsTheJobAfterTheGrace() throws Exception {
        WriterRig rig = new Case(Failure.UNKNOWN, true, false).rig();
        rig.target.acceptingAll();
        rig.writeMany(3);
        rig.flush();
        rig.target.answering(onlyFor(3, Failure.UNKNOWN));
        rig.write();
        rig.advance(Duration.ofMinutes(9));
        assertThat(rig.metrics.counted("sls.dropped")).isZero();

        assertThatThrownBy(() -> rig.writer.flush(false)).hasMessageContaining("SomethingNew");
    }

    /** A drain: nothing else comes while the writer waits, so the others of the list have to show what it is. */
    @Test
    void othersOfItsListShowThatAGroupIsBadThoughItIsTheFirstAndNothingElseComes() throws Exception {
        WriterRig rig = new WriterRig(WriterRig.config()
                .delivery(WriterRig.delivery(false, true, 1, PLENTY))
                .onReject(OnReject.DROP)
                .build());
        rig.writeMany(10);
        rig.target.takeOpen().accept();
        rig.target.answering(onlyFor(1, Failure.UNKNOWN));
        Duration start = rig.now();

        rig.flush();

        assertThat(rig.metrics.counted("sls.dropped")).isEqualTo(1);
        assertThat(rig.target.stored()).containsExactlyInAnyOrder(0, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(rig.now().minus(start)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void othersOfItsListShowThatASecondGroupIsBadThoughItIsTheLastAndNothingElseComes() throws Exception {
        WriterRig rig = new WriterRig(WriterRig.config()
                .delivery(WriterRig.delivery(false, true, 1, PLENTY))
                .onReject(OnReject.DROP)
                .build());
        rig.writeMany(10);
        rig.target.takeOpen().accept();
        rig.target.answering(request -> onlyFor(1, Failure.UNKNOWN).apply(request) != null
                ? Failure.UNKNOWN.of(request)
                : onlyFor(9, Failure.UNKNOWN).apply(request));
        Duration start = rig.now();

        rig.flush();

        assertThat(rig.metrics.counted("sls.dropped")).isEqualTo(2);
        assertThat(rig.target.stored()).containsExactlyInAnyOrder(0, 2, 3, 4, 5, 6, 7, 8);
        assertThat(rig.now().minus(start)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void aGroupThatMakesTheServiceFailDoesNotHoldThoseBehindIt() throws Exception {
        WriterRig rig = new Case(Failure.SERVER, true, false).rig();
        rig.target.answering(onlyFor(BAD, Failure.SERVER));
        write(rig);
        rig.advance(Duration.ofMinutes(1));

        assertThat(rig.target.stored()).hasSize(GROUPS - 1).doesNotContain(BAD);
        assertThat(rig.metrics.counted("numRecordsSendErrors")).isZero();
    }

    private static Function<PutRequest, SlsException> onlyFor(int index, Failure failure) {
        return request -> FakeTarget.indexes(request.groups()).contains(index) ? failure.of(request) : null;
    }

    private static void write(WriterRig rig) throws Exception {
        for (int i = 0; i < GROUPS; i++) {
            rig.write(i % 3, "topic", 100);
        }
    }

    private static void assertStoredOnce(WriterRig rig, Case one, int except) {
        List<Integer> expected =
                new ArrayList<>(IntStream.range(0, GROUPS).boxed().toList());
        expected.remove((Object) except);
        assertThat(rig.target.stored()).containsExactlyInAnyOrderElementsOf(expected);
        if (one.ordered) {
            Map<Integer, List<Integer>> byShard = rig.target.storedGroups().stream()
                    .collect(Collectors.groupingBy(
                            RawLogGroup::shard, Collectors.mapping(RawLogGroup::index, Collectors.toList())));
            assertThat(byShard.values())
                    .allSatisfy(indexes -> assertThat(indexes).isSorted());
        }
    }
}
