package io.slsdispatch.connector.sink;

import static io.slsdispatch.connector.sink.WriterRig.config;
import static io.slsdispatch.connector.sink.WriterRig.delivery;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.ErrorKind;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A gateway removes the request ids of answers: what is put is stored, and it is not known. */
class UnconfirmedPutsTest {

    private static final long PLENTY = 1 << 30;

    @ParameterizedTest
    @CsvSource({"true, false", "true, true", "false, false", "false, true"})
    void threeInARowFailTheJobBeforeMuchIsRepeated(boolean lists, boolean ordered) throws Exception {
        WriterRig rig = new WriterRig(
                config().delivery(delivery(ordered, lists, 8, PLENTY)).build());
        rig.target.strippingRequestIds();
        for (int i = 0; i < 3; i++) {
            rig.write(i, "topic", 100);
        }

        assertThatThrownBy(() -> rig.advance(Duration.ofMinutes(1)))
                .hasMessageContaining("target 'nginx' (project/target)")
                .hasMessageContaining("x-log-requestid")
                .hasMessageContaining("gateway");
        assertThat(rig.target.stored()).hasSizeLessThanOrEqualTo(6);
        assertThat(rig.metrics.counted("numRecordsSend")).isZero();
    }

    @Test
    void oneAtATimeUntilAnAnswerHasARequestIdAgain() throws Exception {
        WriterRig rig = new WriterRig(
                config().delivery(delivery(false, false, 4, PLENTY)).build());
        rig.writeMany(20);
        rig.target.takeOpen().acceptWithoutRequestId();
        rig.target.takeOpen().refuse(ErrorKind.UNAVAILABLE);
        rig.target.takeOpen().acceptWithoutRequestId();
        rig.target.takeOpen().refuse(ErrorKind.UNAVAILABLE);
        rig.advance(Duration.ofSeconds(20));
        assertThat(rig.target.openCount()).isEqualTo(1);

        rig.target.takeOpen().accept();
        rig.runMails();
        assertThat(rig.target.openCount()).isGreaterThan(1);

        rig.target.acceptingAll();
        rig.flush();
        assertThat(rig.target.stored().stream().distinct()).hasSize(20);
    }

    @Test
    void aConfirmationInBetweenBeginsAgain() throws Exception {
        WriterRig rig = new WriterRig(
                config().delivery(delivery(false, false, 1, PLENTY)).build());
        for (int i = 0; i < 10; i++) {
            rig.write();
            for (int times = 0; times < 2; times++) {
                rig.target.takeOpen().acceptWithoutRequestId();
                rig.advance(Duration.ofSeconds(5));
            }
            rig.target.takeOpen().accept();
            rig.runMails();
        }

        rig.flush();

        assertThat(rig.metrics.counted("numRecordsSend")).isEqualTo(10);
    }

    @Test
    void deadLettersWithoutConfirmationFailTheJobToo() throws Exception {
        WriterRig rig = new WriterRig(WriterRig.withDeadLetters().build());
        rig.target.answering(request -> request.logstore().equals(WriterRig.TARGET)
                ? FakeTarget.refusal(ErrorKind.INVALID_REQUEST, request.logstore())
                : FakeTarget.unconfirmed(request.logstore()));
        rig.writeMany(2);

        assertThatThrownBy(() -> rig.advance(Duration.ofMinutes(1)))
                .hasMessageContaining("dead-letter logstore")
                .hasMessageContaining("x-log-requestid");
        assertThat(rig.target.storedIn(WriterRig.DEAD_LETTERS)).hasSizeLessThanOrEqualTo(4);
    }
}
