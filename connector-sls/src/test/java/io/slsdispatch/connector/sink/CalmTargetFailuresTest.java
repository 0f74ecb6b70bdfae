package io.slsdispatch.connector.sink;

import static io.slsdispatch.connector.sink.WriterRig.TARGET;
import static io.slsdispatch.connector.sink.WriterRig.config;
import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.testing.CapturedLog;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a writer logs while its target fails: few lines, each with what to do. */
class CalmTargetFailuresTest {

    private static final String LOGGER = "io.slsdispatch.connector.sink";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -1  | RequestError       |    | puts to project/target fail; retrying until it succeeds. Check the endpoint, and whether this machine reaches it
            -1  | UnknownHost        |    | fail for a local reason; retrying until it succeeds. Check the host name in the configuration
            500 | InternalServerError| ID | fail; retrying until it succeeds. The service has an internal problem
            502 | BadResponse        |    | fail; retrying until it succeeds. The response is not from the service
            -1  | NoCredentials      |    | fail for a local reason; retrying until 2026-05-04 03:12:01 UTC. Check the source of the credentials
            401 | Unauthorized       | ID | fail; retrying until 2026-05-04 03:12:01 UTC. Check the permissions
            404 | LogStoreNotExist   | ID | fail; retrying until 2026-05-04 03:12:01 UTC. Create the project or logstore
            """)
    void linesGrowApart(int status, String code, String requestId, String text) throws Exception {
        List<String> lines = lines(config(), status, code, requestId == null ? "" : requestId, Duration.ofSeconds(590));

        assertThat(lines).hasSizeBetween(4, 8).allSatisfy(line -> assertThat(line)
                .startsWith("Target 'nginx': puts to project/target fail")
                .contains(text.substring(text.indexOf(". ") + 2), "said whoever answered"));
        assertThat(lines.get(0)).contains(text);
    }

    @Test
    void namesNoPermissionWhereTheConnectionWasRefused() throws Exception {
        assertThat(lines(config(), -1, "RequestError", "", Duration.ofMinutes(1)))
                .isNotEmpty()
                .noneMatch(line -> line.contains("permission") || line.contains("credentials"));
    }

    private static List<String> lines(
            SinkConfig.Builder config, int status, String code, String requestId, Duration time) throws Exception {
        try (CapturedLog log = new CapturedLog(LOGGER)) {
            WriterRig rig = new WriterRig(config.build());
            SlsException failure = FakeTarget.error(TARGET, status, code, requestId);
            rig.target.answering(request -> failure);
            rig.writeMany(1000);
            rig.advance(time);
            return log.lines();
        }
    }
}
