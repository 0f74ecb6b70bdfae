package io.slsdispatch.connector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.config.ConnectionConfig.ProjectIn;
import io.slsdispatch.connector.model.LogstoreId;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionConfigTest {

    private static final CredentialsConfig ENVIRONMENT =
            new CredentialsConfig.Environment("SLS_AK_ID", "SLS_AK_KEY", null);

    @Test
    void travelsInTheJobGraph() throws Exception {
        CredentialsConfig credentials = new CredentialsConfig.Chain(List.of(
                ENVIRONMENT,
                new CredentialsConfig.File("/etc/sls/credentials"),
                new CredentialsConfig.Uri(URI.create("http://100.100.100.200/role"))));
        ConnectionConfig config = ConnectionConfig.builder(Endpoint.parse("cn-hangzhou.log.aliyuncs.com"), credentials)
                .signature(new Signature.V4("cn-hangzhou"))
                .network(new ConnectionConfig.Network(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        3,
                        new ProxyConfig("proxy", 3128, "USER", "PASSWORD"),
                        "ca.pem"))
                .build();

        assertThat(InstantiationUtil.clone(config)).isEqualTo(config);
    }

    @Test
    void refusesAProxyForAnAddressWithoutSubdomains() {
        assertThatThrownBy(() -> ConnectionConfig.builder(Endpoint.parse("http://10.0.0.1"), ENVIRONMENT)
                        .network(new ConnectionConfig.Network(
                                Duration.ofSeconds(1), Duration.ofSeconds(2), 3, ProxyConfig.at("proxy", 3128), null))
                        .build())
                .hasMessageContaining("http://10.0.0.1");
    }

    @Test
    void takesAProxyForAnAddressIfTheProjectIsInAHeader() throws Exception {
        ConnectionConfig config = ConnectionConfig.builder(Endpoint.parse("http://10.0.0.1"), ENVIRONMENT)
                .projectIn(ProjectIn.HEADER)
                .network(new ConnectionConfig.Network(
                        Duration.ofSeconds(1), Duration.ofSeconds(2), 3, ProxyConfig.at("proxy", 3128), null))
                .build();

        assertThat(InstantiationUtil.clone(config)).isEqualTo(config);
        assertThatThrownBy(() -> config.withProjectIn(ProjectIn.HOST)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "LTAI5t-not-a-name", "1VARIABLE"})
    void takesOnlyNamesOfVariablesAndDoesNotRepeatWhatElseItGot(String key) {
        assertThatThrownBy(() -> new CredentialsConfig.Environment("ID", key, null))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .satisfies(message ->
                        assertThat(key.isEmpty() || !message.contains(key)).isTrue());
    }

    @Test
    void hidesWhatAnAddressMayHoldAsAPassword() {
        assertThat(new CredentialsConfig.Uri(URI.create("http://host/role?key=hidden")).toString())
                .isEqualTo("address http://host/role");
        assertThatThrownBy(() -> new CredentialsConfig.Uri(URI.create("http://user:hidden@host/role")))
                .message()
                .doesNotContain("hidden");
    }

    @Test
    void aDeadLetterLogstoreAndItsPolicyGoTogether() {
        LogstoreId logstore = new LogstoreId("project", "target");
        SinkConfig.Builder target = SinkConfig.builder("name", logstore);

        assertThatThrownBy(
                        () -> target.onReject(SinkConfig.OnReject.DEAD_LETTER).build())
                .hasMessageContaining("no dead-letter logstore");
        assertThatThrownBy(() -> target.deadLetters(SinkConfig.DeadLetterStore.in(logstore))
                        .build())
                .hasMessageContaining("the target itself");
        assertThatThrownBy(() -> target.onReject(SinkConfig.OnReject.FAIL).build())
                .hasMessageContaining("neither onReject nor outage");
    }
}
