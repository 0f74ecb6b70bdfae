package io.slsdispatch.connector.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.FakeSls;
import io.slsdispatch.connector.config.TestConfigs;
import io.slsdispatch.testing.CapturedLog;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the enumerator logs while a request fails: few lines, each with the time until when it is retried. */
class CalmDiscoveryFailuresTest {

    @ParameterizedTest
    @ValueSource(strings = {"ListShards", "GetCursor", "CreateConsumerGroup", "GetLogStore"})
    void linesGrowApart(String operation) throws Exception {
        try (CapturedLog log = new CapturedLog("io.slsdispatch.connector.source")) {
            FakeSls service = new FakeSls(40);
            service.refuse(ErrorKind.UNAVAILABLE, operation);
            EnumeratorRig rig = new EnumeratorRig(
                    service,
                    TestConfigs.of(service.logstore()).consumerGroup("progress").config(),
                    2);
            rig.readersStart();
            for (int second = 0; second < 280; second++) {
                rig.advance(Duration.ofSeconds(1));
                rig.tick();
            }

            List<String> lines = log.lines();
            assertThat(lines).hasSizeLessThanOrEqualTo(6).noneMatch(line -> line.contains("\tat "));
            assertThat(lines).noneMatch(line -> line.contains("permission"));
            if (!operation.equals("GetLogStore")) {
                assertThat(lines).hasSizeGreaterThanOrEqualTo(2).allSatisfy(line -> assertThat(line)
                        .contains(" fails; retrying until ", service.logstore().toString(), "as the test wants"));
            }
        }
    }
}
