package io.slsdispatch.connector.sink;

import static io.slsdispatch.connector.sink.WriterRig.TARGET;
import static io.slsdispatch.connector.sink.WriterRig.config;
import static io.slsdispatch.connector.sink.WriterRig.withOutage;
import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.config.SinkConfig.OnOutage;
import io.slsdispatch.connector.metrics.Problem;
import io.slsdispatch.connector.metrics.Problem.Kind;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a writer shows of a target that does not accept its groups. */
class TargetProblemsTest {

    private static Problem shown(WriterRig rig) {
        return Problem.parse(rig.metrics.text("sls.problem")).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "THROTTLED, THROTTLED, false",
        "UNAVAILABLE, UNAVAILABLE, false",
        "NOT_FOUND, DENIED, true",
        "UNAUTHORIZED, DENIED, true"
    })
    void whyTheTargetAcceptsNothingAndWhenItIsTriedAgain(ErrorKind error, Kind kind, boolean ends) throws Exception {
        WriterRig rig = new WriterRig(config().build());
        assertThat(rig.metrics.shown("sls.status")).isZero();
        assertThat(rig.metrics.text("sls.problem")).isEmpty();
        rig.target.answeringAtOnce(request -> error);

        rig.write();
        rig.runMails();

        assertThat(rig.metrics.shown("sls.status")).isEqualTo(kind.status());
        Problem problem = shown(rig);
        assertThat(problem.kind()).isEqualTo(kind);
        assertThat(problem.message()).contains("Code" + error);
        assertThat(problem.retryAt()).isAfterOrEqualTo(problem.since());
        if (ends) {
            assertThat(Duration.between(problem.since(), Objects.requireNonNull(problem.until())))
                    .isBetween(Duration.ofMinutes(9), Duration.ofMinutes(11));
        } else {
            assertThat(problem.until()).as("end of the retries").isNull();
        }
    }

    @Test
    void anOutageIsShownUntilTheTargetIsBack() throws Exception {
        WriterRig rig =
                new WriterRig(withOutage(OnOutage.DROP, Duration.ofSeconds(30)).build());
        rig.target.answeringAtOnce(request -> request.logstore().equals(TARGET) ? ErrorKind.UNAVAILABLE : null);
        rig.writeMany(10);
        rig.advance(Duration.ofSeconds(31));
        rig.write();
        rig.advance(Duration.ofMinutes(5));

        assertThat(rig.metrics.shown("sls.status")).isEqualTo(Kind.OUTAGE.status());
        assertThat(shown(rig).message()).contains("CodeUNAVAILABLE");
        assertThat(shown(rig).retryAt()).isNotNull();

        rig.target.acceptingAll();
        rig.write();
        rig.advance(Duration.ofMinutes(5));
        rig.write();
        rig.advance(Duration.ofMinutes(5));
        assertThat(rig.metrics.shown("sls.status")).isZero();
    }

    @Test
    void deadLettersThatAreNotAcceptedAreShown() throws Exception {
        WriterRig rig = new WriterRig(WriterRig.withDeadLetters().build());
        rig.target.answeringAtOnce(
                request -> request.logstore().equals(TARGET) ? ErrorKind.INVALID_REQUEST : ErrorKind.UNAUTHORIZED);

        rig.write();
        rig.advance(Duration.ofSeconds(2));

        assertThat(shown(rig).kind()).isEqualTo(Kind.DENIED);
        assertThat(shown(rig).message()).contains("dead-letters");
    }
}
