package io.slsdispatch.job.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.Endpoint;
import io.slsdispatch.connector.config.LogstoreScope;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.deadletter.DeadLetter;
import io.slsdispatch.connector.deadletter.DeadLetter.Cause;
import io.slsdispatch.connector.deadletter.DeadLetter.Reason;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.job.config.JobConfig.Target;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DestinationsTest {

    private static final LogstoreId LOGS = new LogstoreId("my-project", "nginx-logs");
    private static final Reason REASON = new Reason(Cause.REJECTED, "Code", 400, "", "refused");

    private final Target hangzhou = target("hangzhou", "cn-hangzhou.log.aliyuncs.com");
    private final Target shanghai = target("shanghai", "cn-shanghai.log.aliyuncs.com");

    private static Target target(String name, String address) {
        Endpoint endpoint = Endpoint.parse(address);
        return new Target(
                ConnectionConfig.of(endpoint, new CredentialsConfig.Environment("ID", "KEY", null)),
                SinkConfig.builder(name, LOGS)
                        .scope(LogstoreScope.of(endpoint, null, false))
                        .build());
    }

    private static DeadLetter letter(String target, String scope, int idVersion) {
        byte[] group = {0x1a, 1, 't'};
        RawLogGroup raw = new RawLogGroup(group, 0, group.length, "t", 0, "MTIz", 0).numbered();
        return new DeadLetter(raw, target, LOGS, scope, REASON, Instant.EPOCH, idVersion);
    }

    @Test
    void letterGoesToTheLogstoreThatItWasForWhateverTheNames() {
        Destinations both = new Destinations(List.of(hangzhou, shanghai), null);

        assertThat(both.of(letter("renamed", "region:cn-shanghai", 2))).contains(shanghai);
        assertThat(both.of(letter("hangzhou", "region:cn-shanghai", 2))).contains(shanghai);
        assertThat(new Destinations(List.of(hangzhou), null).of(letter("renamed", "region:cn-shanghai", 2)))
                .as("another logstore of equal names")
                .isEmpty();
        assertThat(new Destinations(List.of(hangzhou), null).of(letter("hangzhou", "region:cn-shanghai", 2)))
                .as("the name is the same")
                .contains(hangzhou);
    }

    @Test
    void letterThatDoesNotSayWhichOfTwoLogstoresGoesByItsName() {
        Destinations both = new Destinations(List.of(hangzhou, shanghai), null);

        assertThat(both.of(letter("shanghai", "", 1))).contains(shanghai);
        assertThat(both.of(letter("renamed", "", 1))).isEmpty();
        assertThat(new Destinations(List.of(hangzhou), null).of(letter("renamed", "", 1)))
                .contains(hangzhou);
    }

    @Test
    void lettersOfEarlierBuildsForTwoRegionsAreNotTakenForOne() {
        Destinations both = new Destinations(List.of(hangzhou, shanghai), null);
        DeadLetter one = letter("hangzhou", "", 1);
        DeadLetter two = letter("shanghai", "", 1);

        assertThat(one.id()).isEqualTo(two.id());
        assertThat(both.idOf(one)).isNotEqualTo(both.idOf(two));
        assertThat(new Destinations(List.of(hangzhou), null).idOf(one))
                .as("as state files of earlier builds have it")
                .isEqualTo(one.id());
    }
}
